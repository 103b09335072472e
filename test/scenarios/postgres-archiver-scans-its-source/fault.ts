import { defineScenario } from "../scenario.ts";
import { busyCpu } from "../support/busy-cpu.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  majors: [14, 16, 18],
  title:
    "Workers move what is done to the archive in one statement, and find it by a column without an index",
  tiers: ["immediate", "performance"],
  make: async (stage) => {
    const table = stage.table();
    const clients = await stage.pgSessions(stage.number(4, 5), stage.application());
    const rows = stage.number(110_000, 150_000);
    const [setup] = clients;
    await setup?.query(
      `CREATE TABLE ${table} (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, batch int NOT NULL, body text)`,
    );
    await setup?.query(`CREATE TABLE ${table}_archive (id bigint, batch int, body text)`);
    await setup?.query(
      `INSERT INTO ${table} (batch, body) SELECT n / 3, repeat('b', 80) FROM generate_series(1, ${rows}) n`,
    );
    await setup?.query(`ANALYZE ${table}`);
    await ordinaryWork(stage, 3);
    await keepRunning(stage, clients, 100, (client, turn) =>
      client.query(
        `WITH done AS (DELETE FROM ${table} WHERE id IN (SELECT id FROM ${table} WHERE batch = $1 FOR UPDATE SKIP LOCKED) RETURNING id, batch, body)
         INSERT INTO ${table}_archive SELECT * FROM done`,
        [turn],
      ),
    );
    return { culprits: [] };
  },
  metrics: () => [busyCpu(92)],
});
