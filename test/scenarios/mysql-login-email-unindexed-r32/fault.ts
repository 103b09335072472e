import { oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { numbersTo } from "../support/mysql-numbers.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

// The commonest of all: a new way to look somebody up, and no index on what it looks by.
export const scenario = defineScenario({
  engine: "mysql",
  title:
    "Since the sign-in by e-mail went out, every sign-in reads the whole table: nothing is indexed by email",
  tiers: ["immediate", "performance", "health"],
  make: async (stage) => {
    const table = stage.table();
    const program = stage.application();
    const setup = await oneMy(stage, "migrate");
    await setup.query(
      `CREATE TABLE ${table} (id int AUTO_INCREMENT PRIMARY KEY, tenant_id int NOT NULL, email varchar(120) NOT NULL,
       password_hash char(64) NOT NULL, profile varchar(300) NOT NULL, KEY by_tenant (tenant_id))`,
    );
    await setup.query(
      `INSERT INTO ${table} (tenant_id, email, password_hash, profile)
       SELECT n % 500, CONCAT('user', n, '@example.com'), SHA2(n, 256), REPEAT(SHA2(n, 256), 4) FROM ${numbersTo(100_000)}`,
    );
    await setup.query(`ANALYZE TABLE ${table}`);
    await ordinaryWork(stage);
    // Looks like it and is well: by tenant there is an index.
    const tenants = await stage.mySessions(1, stage.application());
    await keepRunning(stage, tenants, 20, async (session, turn) => {
      await session.query(`SELECT id, email FROM ${table} WHERE tenant_id = ${turn % 500} LIMIT 20`);
      await pause(60);
    });
    const signIns = await stage.mySessions(4, program);
    await keepRunning(stage, signIns, 80, async (session, turn) => {
      const email = `user${1 + ((turn * 7919) % 100_000)}@example.com`;
      await session.query(`SELECT id, password_hash FROM ${table} WHERE email = '${email}'`);
      await pause(20);
    });
    return { culprits: [] };
  },
});
