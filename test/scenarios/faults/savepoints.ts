import { onePg } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";

/** A transaction with so many savepoints stays open while thousands of others write what is then read. */
export const savepoints = (title: string, count: number, pauseSeconds = 0) =>
  defineScenario({
    engine: "postgres",
    title,
    tiers: ["immediate", "performance"],
    make: async (stage) => {
      const [table, other] = [stage.table(), stage.table()];
      const batch = await onePg(stage, stage.application());
      const readers = await stage.pgSessions(stage.number(12, 16), stage.application());
      const writer = await onePg(stage, stage.application());
      await batch.query(`CREATE TABLE ${other} (id int)`);
      await writer.query(`CREATE TABLE ${table} (id int PRIMARY KEY, n int)`);
      await batch.query("BEGIN");
      for (let point = 1; point <= count; point += 1)
        await batch.query(`SAVEPOINT s${point}; INSERT INTO ${other} VALUES (${point})`);
      await writer.query(
        `DO $$ BEGIN FOR n IN 1..150000 LOOP INSERT INTO ${table} VALUES (n, n); COMMIT; END LOOP; END $$`,
      );
      await writer.query(`ANALYZE ${table}`);
      await keepRunning(stage, readers, 60, async (reader, turn) => {
        await reader.query(
          `SELECT count(*) FROM generate_series(1, 2000) g
             JOIN LATERAL (SELECT n FROM ${table} WHERE id = 1 + (g * 7919 + $1) % 150000 OFFSET 0) t ON true`,
          [turn * 37],
        );
        if (pauseSeconds > 0) await reader.query("SELECT pg_sleep($1)", [pauseSeconds]);
      });
      return { culprits: [] };
    },
  });
