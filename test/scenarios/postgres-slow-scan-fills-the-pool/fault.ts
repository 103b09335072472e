import { defineScenario } from "../scenario.ts";
import { busyCpu } from "../support/busy-cpu.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

/** The key is a natural one, and begins with the depot, which a customer does not know. */
export const scenario = defineScenario({
  engine: "postgres",
  majors: [17],
  title:
    "Customers look for their parcel by a barcode without an index, until every connection of the pool does",
  tiers: ["immediate", "performance"],
  server: { maxConnections: 45 },
  unhealed:
    "the index is built and the statement quick; a pool gives back what it opened minutes later, and here not at all",
  metrics: () => [busyCpu(97)],
  make: async (stage) => {
    const [depot, ...customers] = await stage.pgSessions(stage.number(31, 33), "parcel-tracking");
    if (depot === undefined) throw new Error("no session");
    const rows = stage.number(260_000, 320_000);
    await depot.query(`CREATE TABLE parcel_scans (depot smallint, scanned_at timestamptz, seq int, barcode varchar(32) NOT NULL, belt char(3) NOT NULL, PRIMARY KEY (depot, scanned_at, seq));
      INSERT INTO parcel_scans SELECT n % 40, now() - n * interval '3 seconds', n, 'JD' || lpad((n / 5)::text, 14, '0'), 'A01' FROM generate_series(1, ${rows}) n`);
    await depot.query("VACUUM ANALYZE parcel_scans");
    await ordinaryWork(stage, 3);
    await keepRunning(stage, [depot], 10, async (session, turn) => {
      await session.query("INSERT INTO parcel_scans VALUES ($1, clock_timestamp(), $2, $3, 'B07')", [
        turn % 40,
        turn,
        `JD${String(turn).padStart(14, "0")}`,
      ]);
      await pause(50);
    });
    await keepRunning(stage, customers, 150, (session, turn) =>
      session.query(
        "SELECT depot, scanned_at, belt FROM parcel_scans WHERE barcode = $1 ORDER BY scanned_at DESC LIMIT 1",
        [`JD${String((turn * 7919) % 50_000).padStart(14, "0")}`],
      ),
    );
    return { culprits: [] };
  },
});
