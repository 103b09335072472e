import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";

/** Proved silent once: 164 requested in 15 s. */
export const scenario = defineScenario({
  engine: "postgres",
  title: "max_wal_size was left small, and every few updates ask for a checkpoint",
  tiers: ["immediate", "performance"],
  server: { settings: { max_wal_size: "32MB", min_wal_size: "32MB" } },
  make: async (stage) => {
    const table = stage.table();
    const writers = await stage.pgSessions(stage.number(3, 5), stage.application());
    const [setup] = writers;
    await setup?.query(
      `CREATE TABLE ${table} (id int PRIMARY KEY, note text) WITH (autovacuum_enabled = off)`,
    );
    await setup?.query(`INSERT INTO ${table} SELECT n, repeat('x', 900) FROM generate_series(1, 12000) n`);
    await keepRunning(stage, writers, 30, (session, turn) =>
      session.query(`UPDATE ${table} SET note = repeat('y', 900) WHERE id % 40 = $1`, [turn % 40]),
    );
    return { culprits: [] };
  },
});
