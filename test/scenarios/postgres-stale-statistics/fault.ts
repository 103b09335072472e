import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "A table was analyzed when nearly empty and loaded since; the planner expects one row and thousands come",
  tiers: ["immediate", "performance"],
  make: async (stage) => {
    const [batches, lines] = [stage.table(), stage.table()];
    const clients = await stage.pgSessions(4, stage.application());
    const [setup] = clients;
    const loaded = stage.number(15_000, 22_000);
    await setup?.query(
      `CREATE TABLE ${batches} (id int PRIMARY KEY, batch int) WITH (autovacuum_enabled = false)`,
    );
    await setup?.query(`CREATE INDEX ON ${batches} (batch)`);
    await setup?.query(`INSERT INTO ${batches} SELECT n, n FROM generate_series(1, 1000) n`);
    await setup?.query(`CREATE TABLE ${lines} (order_id int PRIMARY KEY, amount int)`);
    await setup?.query(`INSERT INTO ${lines} SELECT n, n FROM generate_series(1, 30000) n`);
    await setup?.query(`ANALYZE ${batches}, ${lines}`);
    await setup?.query(
      `INSERT INTO ${batches} SELECT n, 100000 + n % 6 FROM generate_series(1001, ${1000 + loaded}) n`,
    );
    await keepRunning(stage, clients, 40, (client, turn) =>
      client.query(
        `SELECT b.id, l.amount FROM ${batches} b JOIN ${lines} l ON l.order_id = b.id WHERE b.batch = $1`,
        [100_000 + (turn % 6)],
      ),
    );
    return { culprits: [] };
  },
});
