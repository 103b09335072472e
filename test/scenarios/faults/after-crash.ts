import type { MetricSeries } from "../../../functions/core/contract/evidence.ts";
import { openSession, waitUntil } from "../../lab/engines/sql.ts";
import { pidOf } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import type { Stage } from "../stage.ts";
import { keepRunning } from "../support/keep-running.ts";

/** A backend is killed, the server recovers with an empty cache, and the application looks rows up again. */
export const afterCrash = (title: string, wanted: "all rows" | "a few rows") =>
  defineScenario({
    engine: "postgres",
    title,
    tiers: ["immediate", "performance"],
    make: async (stage) => {
      const table = stage.table();
      const [session] = await stage.pgSessions(1, stage.application());
      if (session === undefined) throw new Error("no session");
      const rows = stage.number(90, 110) * 1000;
      await session.query(`CREATE TABLE ${table} (id int PRIMARY KEY, note text)`);
      await session.query(
        `INSERT INTO ${table} SELECT n, repeat('x', 900) FROM generate_series(1, ${rows}) n`,
      );
      await session.query(`VACUUM ANALYZE ${table}`);
      session.on("error", () => undefined);
      const before = await checkpointer(stage);
      // Recovery brings back into the cache what was written since the last one.
      const admin = await openSession(stage.postgres());
      await admin.query("CHECKPOINT");
      await admin.end();
      process.kill(await pidOf(session), "SIGKILL");
      await waitUntil(
        async () => {
          const now = await checkpointer(stage).catch(() => null);
          return now !== null && now !== before;
        },
        { what: "the server to recover" },
      );
      const readers = await stage.pgSessions(4, stage.application());
      const most = wanted === "all rows" ? rows : 50;
      // Slowly enough that the cache is not full again before anybody looks.
      await keepRunning(stage, readers, 20, async (reader, turn) => {
        const ids = [0, 1, 2, 3, 4].map((place) => 1 + (((turn * 5 + place) * 7919) % most));
        await reader.query(`SELECT note FROM ${table} WHERE id = ANY ($1)`, [ids]);
        await reader.query("SELECT pg_sleep(0.02)");
      });
      return { culprits: [] };
    },
    metrics: () =>
      wanted === "all rows" ? [reads("ReadIOPS", 4100, 3900), reads("ReadLatency", 0.041, 0.032)] : [],
  });

/** A crash starts it anew; null while there is none. */
async function checkpointer(stage: Stage): Promise<number | null> {
  const admin = await openSession(stage.postgres());
  const sql = "SELECT pid FROM pg_stat_activity WHERE backend_type = 'checkpointer'";
  const { rows } = await admin.query(sql);
  await admin.end();
  return rows[0]?.pid ?? null;
}

/** As CloudWatch would show it; only RDS could measure it. */
function reads(id: string, first: number, last: number): MetricSeries {
  return {
    id,
    namespace: "AWS/RDS",
    dimensions: { DBInstanceIdentifier: "scenario-db" },
    statistic: "Average",
    unit: null,
    periodSeconds: 60,
    points: Array.from({ length: 8 }, (_, minute) => ({
      at: new Date(Date.now() - (8 - minute) * 60_000).toISOString(),
      value: first + ((last - first) * minute) / 7,
    })),
  };
}
