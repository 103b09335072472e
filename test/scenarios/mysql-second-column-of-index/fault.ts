import { oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { busyCpu } from "../support/busy-cpu.ts";
import { keepRunning } from "../support/keep-running.ts";
import { numbersTo } from "../support/mysql-numbers.ts";

export const scenario = defineScenario({
  engine: "mysql",
  title: "The sign-in forgot the tenant: KEY (tenant, email) is there, and WHERE email = … reads every row",
  tiers: ["immediate", "performance", "health"],
  metrics: () => [busyCpu(91)],
  make: async (stage) => {
    const [table, calm] = [stage.table(), stage.table()];
    const [site, signIn] = [stage.application(), stage.application()];
    const owner = await oneMy(stage, "setup");
    await owner.query(
      `CREATE TABLE ${table} (id int AUTO_INCREMENT PRIMARY KEY, tenant int NOT NULL, email varchar(120) NOT NULL, name varchar(80), KEY by_tenant (tenant, email))`,
    );
    for (const round of [0, 1]) {
      await owner.query(
        `INSERT INTO ${table} (tenant, email, name) SELECT n % 300, CONCAT('user', n + ${round * 60_000}, '@example.org'), SHA2(n, 256) FROM ${numbersTo(60_000)}`,
      );
    }
    await owner.query(`CREATE TABLE ${calm} (id int PRIMARY KEY, n int NOT NULL)`);
    await owner.query(`INSERT INTO ${calm} SELECT n, 0 FROM ${numbersTo(5000)}`);
    await owner.query(`ANALYZE TABLE ${table}, ${calm}`);
    const others = await stage.mySessions(3, site);
    await keepRunning(stage, others, 60, async (client, turn) => {
      await client.query(`UPDATE ${calm} SET n = n + 1 WHERE id = ${1 + ((turn * 37) % 5000)}`);
      await client.query(
        `SELECT name FROM ${table} WHERE tenant = ${turn % 300} AND email LIKE 'user7%' LIMIT 5`,
      );
      await new Promise((resolve) => setTimeout(resolve, 25));
    });
    const clients = await stage.mySessions(4, signIn);
    await keepRunning(stage, clients, 24, (client, turn) =>
      client.query(
        `SELECT id, tenant, name FROM ${table} WHERE email = 'user${1 + ((turn * 7919) % 120_000)}@example.org'`,
      ),
    );
    return { culprits: [] };
  },
});
