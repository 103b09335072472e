import type { Socket } from "node:net";
import { waitUntil } from "../../lab/engines/sql.ts";
import { onePg } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { ordinaryWork } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "Healthy: pg_dump copies a table over a slow line in one long transaction, and sales go on beside it",
  tiers: ["immediate", "performance", "health"],
  majors: [16],
  thresholds: { longRunningSeconds: 5 },
  make: async (stage) => {
    await ordinaryWork(stage, 3);
    const table = `${stage.table()}_history`;
    const owner = await onePg(stage, "deploy");
    await owner.query(
      `CREATE TABLE ${table} (id bigserial PRIMARY KEY, at timestamptz NOT NULL, note text NOT NULL)`,
    );
    await owner.query(
      `INSERT INTO ${table} (at, note) SELECT now() - g * interval '1 minute', repeat(md5(g::text), 8) FROM generate_series(1, 80000) g`,
    );
    await owner.query(`VACUUM (ANALYZE) ${table}`);
    await owner.end();
    const dump = await onePg(stage, "pg_dump");
    const line = lineOf(dump);
    stage.cleanUp(async () => line.destroy());
    await dump.query("BEGIN");
    await dump.query("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY");
    await dump.query(`LOCK TABLE ${table} IN ACCESS SHARE MODE`);
    stage.leave(dump.query(`COPY public.${table} (id, at, note) TO stdout`));
    // Only when the request is on its way may the answer be left unread.
    line.once("data", () => line.pause());
    const watcher = await onePg(stage, "watcher");
    await waitUntil(
      async () => {
        const seen = await watcher.query(
          "SELECT 1 FROM pg_stat_activity WHERE application_name = 'pg_dump' AND wait_event = 'ClientWrite'",
        );
        return seen.rowCount === 1;
      },
      { what: "the dump waits for its line" },
    );
    await watcher.query("SELECT pg_sleep(9)");
    await watcher.end();
    return { culprits: [] };
  },
});

/** The connection of a client of pg, which its types do not show. */
function lineOf(session: object): Socket {
  return (session as { connection: { stream: Socket } }).connection.stream;
}
