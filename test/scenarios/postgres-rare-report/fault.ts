import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title: "Look-alike: a nightly report reads a large table whole, once, beside a healthy workload",
  tiers: ["immediate", "performance"],
  make: async (stage) => {
    const table = stage.table();
    const clients = await stage.pgSessions(3, stage.application());
    const [setup] = clients;
    const rows = stage.number(120_000, 180_000);
    await setup?.query(`CREATE TABLE ${table} (id int PRIMARY KEY, customer int, amount int)`);
    await setup?.query(`INSERT INTO ${table} SELECT n, n % 5000, n FROM generate_series(1, ${rows}) n`);
    await setup?.query(`ANALYZE ${table}`);
    const [report] = await stage.pgSessions(1, "nightly-report");
    await report?.query(`SELECT id, amount FROM ${table} WHERE customer = $1 ORDER BY amount`, [17]);
    await keepRunning(stage, clients, 200, (client, turn) =>
      client.query(`SELECT amount FROM ${table} WHERE id = $1`, [1 + (turn % rows)]),
    );
    return { culprits: [] };
  },
});
