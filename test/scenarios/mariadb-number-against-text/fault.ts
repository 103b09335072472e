import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { numbersTo } from "../support/mysql-numbers.ts";

export const scenario = defineScenario({
  engine: "mariadb",
  title: "A text column with an index is compared with a number: the index is there and cannot be used",
  tiers: ["immediate", "performance", "health"],
  make: async (stage) => {
    const table = stage.table();
    const clients = await stage.mySessions(4, stage.application());
    const [setup] = clients;
    const rows = stage.number(80_000, 95_000);
    await setup?.query(
      `CREATE TABLE ${table} (id int PRIMARY KEY, reference varchar(32) NOT NULL, state varchar(20), KEY by_reference (reference))`,
    );
    await setup?.query(`INSERT INTO ${table} SELECT n, CONCAT(900000 + n), 'new' FROM ${numbersTo(rows)}`);
    await setup?.query(`ANALYZE TABLE ${table}`);
    await keepRunning(stage, clients, 50, (client, turn) =>
      client.query(`SELECT id, state FROM ${table} WHERE reference = ${900_000 + ((turn * 31) % rows)}`),
    );
    return { culprits: [] };
  },
});
