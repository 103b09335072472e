import { oneMy } from "../lock-waits.ts";
import { defineScenario, type MysqlFamily, type Scenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { numbersTo } from "../support/mysql-numbers.ts";
import { nowAndThen } from "../support/now-and-then.ts";

export const indexHidden = (engine: MysqlFamily): Scenario =>
  defineScenario({
    engine,
    title: "Somebody tried whether an index is needed and hid it; it was, and every lookup reads the table",
    tiers: ["immediate", "performance"],
    make: async (stage) => {
      const [table, other] = [stage.table(), stage.table()];
      const clients = await stage.mySessions(5, stage.application());
      const beside = await oneMy(stage, stage.application());
      const rows = stage.number(55_000, 80_000);
      const [setup] = clients;
      await setup?.query(
        `CREATE TABLE ${table} (id int PRIMARY KEY, customer int NOT NULL, note varchar(80), KEY by_customer (customer))`,
      );
      await setup?.query(`INSERT INTO ${table} SELECT n, n % 3000, REPEAT('x', 60) FROM ${numbersTo(rows)}`);
      await setup?.query(`CREATE TABLE ${other} (id int AUTO_INCREMENT PRIMARY KEY, n int)`);
      await setup?.query(`ANALYZE TABLE ${table}`);
      await setup?.query(
        `ALTER TABLE ${table} ALTER INDEX by_customer ${engine === "mariadb" ? "IGNORED" : "INVISIBLE"}`,
      );
      await nowAndThen(stage, beside, (session, turn) =>
        session.query(`INSERT INTO ${other} (n) VALUES (${turn})`),
      );
      await keepRunning(stage, clients, 40, (client, turn) =>
        client.query(`SELECT id, note FROM ${table} WHERE customer = ${turn % 3000}`),
      );
      return { culprits: [] };
    },
  });
