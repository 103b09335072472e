import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { numbersTo } from "../support/mysql-numbers.ts";

export const scenario = defineScenario({
  engine: "mariadb",
  title: "Look-alike: a nightly report reads a large table whole, once, beside a healthy workload",
  tiers: ["immediate", "performance"],
  make: async (stage) => {
    const table = stage.table();
    const clients = await stage.mySessions(3, stage.application());
    const [setup] = clients;
    const rows = stage.number(50_000, 90_000);
    await setup?.query(`CREATE TABLE ${table} (id int PRIMARY KEY, customer int, amount int)`);
    await setup?.query(`INSERT INTO ${table} SELECT n, n % 5000, n FROM ${numbersTo(rows)}`);
    await setup?.query(`ANALYZE TABLE ${table}`);
    const [report] = await stage.mySessions(1, "nightly-report");
    await report?.query(`SELECT id, amount FROM ${table} WHERE customer = 17 ORDER BY amount`);
    await keepRunning(stage, clients, 200, (client, turn) =>
      client.query(`SELECT amount FROM ${table} WHERE id = ${1 + (turn % rows)}`),
    );
    return { culprits: [] };
  },
});
