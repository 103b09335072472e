import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "A nightly check inserts into a table of its own and takes it back, now and then, beside a shop that works",
  tiers: ["immediate", "performance", "health"],
  make: async (stage) => {
    const [orders, checks] = [stage.table(), stage.table()];
    const clients = await stage.pgSessions(2, stage.application());
    const [checker] = await stage.pgSessions(1, stage.application());
    const [setup] = clients;
    if (setup === undefined || checker === undefined) throw new Error("no session");
    await setup.query(`CREATE TABLE ${orders} (id bigserial PRIMARY KEY, state text NOT NULL)`);
    await setup.query(`CREATE TABLE ${checks} (id bigserial PRIMARY KEY, state text NOT NULL)`);
    await setup.query(`INSERT INTO ${orders} (state) SELECT 'paid' FROM generate_series(1, 5000)`);
    await setup.query(`ANALYZE ${orders}`);
    await keepRunning(stage, clients, 80, async (client, turn) => {
      await client.query(`INSERT INTO ${orders} (state) VALUES ('new')`);
      await client.query(`SELECT state FROM ${orders} WHERE id = ${1 + (turn % 5000)}`);
      await client.query("SELECT pg_sleep(0.02)");
    });
    await keepRunning(stage, [checker], 8, async (client) => {
      await client.query("BEGIN");
      await client.query(`INSERT INTO ${checks} (state) VALUES ('dry run')`);
      await client.query("ROLLBACK");
      await client.query("SELECT pg_sleep(0.25)");
    });
    return { culprits: [] };
  },
});
