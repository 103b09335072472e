import { setTimeout as think } from "node:timers/promises";
import { defineScenario, type MysqlFamily, type Scenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { numbersTo } from "../support/mysql-numbers.ts";

export const unindexedUpdate = (engine: MysqlFamily): Scenario =>
  defineScenario({
    engine,
    title:
      "Each client updates its own row, found by a column without an index: every row is locked on the way, all stand in line",
    tiers: ["immediate", "performance"],
    thresholds: { slowQuerySeconds: 0.2 },
    make: async (stage) => {
      const table = stage.table();
      const clients = await stage.mySessions(stage.number(9, 12), stage.application());
      const rows = stage.number(85_000, 99_000);
      const [setup] = clients;
      await setup?.query(
        `CREATE TABLE ${table} (id int PRIMARY KEY, token varchar(40) NOT NULL, n int NOT NULL, note varchar(80))`,
      );
      await setup?.query(
        `INSERT INTO ${table} SELECT n, CONCAT('order-', n * 7919), 0, REPEAT('x', 60) FROM ${numbersTo(rows)}`,
      );
      await setup?.query(`ANALYZE TABLE ${table}`);
      await keepRunning(stage, clients, 50, async (client, turn) => {
        await client.query(
          `UPDATE ${table} SET n = n + 1 WHERE token = 'order-${((turn % rows) + 1) * 7919}'`,
        );
        // Between two orders there is some time, with an index, too.
        await think(20);
      });
      return { culprits: [] };
    },
  });
