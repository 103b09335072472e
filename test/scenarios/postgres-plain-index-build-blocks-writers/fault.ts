import { waitUntil } from "../../lab/engines/sql.ts";
import { onePg, pgWaiting, pidOf } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title: "CREATE INDEX without CONCURRENTLY builds for a long time, and all who write to the table wait",
  thresholds: { slowQuerySeconds: 0.3 },
  make: async (stage) => {
    const table = stage.table();
    const builder = await onePg(stage, "migration");
    await builder.query(
      `CREATE FUNCTION score(id int) RETURNS int LANGUAGE plpgsql IMMUTABLE
        AS 'BEGIN PERFORM pg_sleep(0.02); RETURN id % 97; END'`,
    );
    await builder.query(`CREATE TABLE ${table} (id int PRIMARY KEY, note text)`);
    await builder.query(`INSERT INTO ${table} SELECT n, 'note' FROM generate_series(1, 9000) n`);
    const pid = await pidOf(builder);
    const writers = await stage.pgSessions(stage.number(4, 10), stage.application());
    stage.leave(builder.query(`CREATE INDEX ${table}_score ON ${table} (score(id))`));
    const watcher = await onePg(stage, "watcher");
    const building = `SELECT 1 FROM pg_locks WHERE pid = ${pid} AND mode = 'ShareLock' AND granted`;
    await waitUntil(async () => ((await watcher.query(building)).rowCount ?? 0) > 0, {
      what: "the index is being built",
    });
    for (const [index, writer] of writers.entries()) {
      stage.leave(writer.query(`INSERT INTO ${table} VALUES (${10_000 + index}, 'new')`));
    }
    await pgWaiting(stage, writers.length, 3);
    return { culprits: [pid] };
  },
});
