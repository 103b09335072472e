import { defineScenario, type MysqlFamily, type Scenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { numbersTo } from "../support/mysql-numbers.ts";

export const scanCutByTimeout = (engine: MysqlFamily): Scenario =>
  defineScenario({
    engine,
    title:
      "Lookups without an index are cut by the session's limit of statement time: nearly all of them fail",
    tiers: ["immediate", "performance"],
    thresholds: { slowQuerySeconds: 0.1 },
    make: async (stage) => {
      const table = stage.table();
      const clients = await stage.mySessions(8, stage.application());
      const [setup] = clients;
      await setup?.query(
        `CREATE TABLE ${table} (id int PRIMARY KEY, parcel_code char(56), note varchar(90))`,
      );
      await setup?.query(
        `INSERT INTO ${table} SELECT n, SHA2(n, 224), REPEAT('x', 80) FROM ${numbersTo(stage.number(85_000, 99_000))}`,
      );
      await setup?.query(`ANALYZE TABLE ${table}`);
      const limit = engine === "mysql" ? "max_execution_time = 15" : "max_statement_time = 0.015";
      for (const client of clients) await client.query(`SET SESSION ${limit}`);
      await keepRunning(stage, clients, 160, (client, turn) =>
        client
          .query(`SELECT id, note FROM ${table} WHERE parcel_code = 'none-${turn}' LIMIT 20`)
          .catch(() => undefined),
      );
      return { culprits: [] };
    },
  });
