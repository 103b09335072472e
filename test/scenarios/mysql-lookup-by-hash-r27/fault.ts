import { createHash } from "node:crypto";
import { defineScenario } from "../scenario.ts";
import { busyCpu } from "../support/busy-cpu.ts";
import { keepRunning } from "../support/keep-running.ts";
import { numbersTo } from "../support/mysql-numbers.ts";
import { ordinaryWork } from "../support/ordinary-work.ts";

// After https://www.vipmind.me/infra/aws/a-journey-of-fixing-100-percent-cpu-load-on-aws-mysql-rds.html
export const scenario = defineScenario({
  engine: "mysql",
  title:
    "Since a deploy every request looks an address up by its hash, and no index begins with it: the CPU is full",
  tiers: ["immediate", "performance", "health"],
  metrics: () => [busyCpu(95)],
  make: async (stage) => {
    const table = `${stage.table()}_address`;
    const sessions = await stage.mySessions(6, stage.application());
    const [setup] = sessions;
    await setup?.query(`CREATE TABLE ${table} (id int AUTO_INCREMENT PRIMARY KEY, customer_id int NOT NULL,
      str_hash char(64) NOT NULL, street varchar(120) NOT NULL, city varchar(60) NOT NULL, KEY customer (customer_id))`);
    for (const part of [1, 2, 3]) {
      await setup?.query(`INSERT INTO ${table} (customer_id, str_hash, street, city)
        SELECT n DIV 2, SHA2(CONCAT(${part}, '-', n), 256), CONCAT(n, ' Long Road'), CONCAT('City ', n % 900) FROM ${numbersTo(100_000)}`);
    }
    await setup?.query(`ANALYZE TABLE ${table}`);
    await ordinaryWork(stage);
    await keepRunning(stage, sessions, 90, async (session, turn) => {
      const hash = createHash("sha256")
        .update(`${1 + (turn % 3)}-${1 + turn * 37}`)
        .digest("hex");
      await session.query(`SELECT id, street, city FROM ${table} WHERE str_hash = '${hash}'`);
      if (turn % 6 === 0)
        await session.query(`SELECT id, city FROM ${table} WHERE customer_id = ${turn + 1}`);
    });
    return { culprits: [] };
  },
});
