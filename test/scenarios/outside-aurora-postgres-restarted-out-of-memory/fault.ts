import { calmAurora, calmReader } from "../support/outside/calm.ts";
import { type Curve, usual } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { below, clusterOf, instanceOf, loadOf, told } from "../support/outside/described.ts";
import { errorLog, logged } from "../support/outside/postgres-log.ts";

const ids = ["loyalty-a", "loyalty-b"] as const;
const gib = 1024 ** 3;
const mib = 1024 ** 2;
const of = {
  Engine: "aurora-postgresql",
  EngineVersion: "14.9",
  DBInstanceClass: "db.r6g.large",
  DBClusterIdentifier: "loyalty",
};

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "Memory fell for three hours, then the kernel killed a backend and the engine of the writer started anew",
  world: (dice) => {
    const since = dice.number(8, 10);
    const free: Curve = (ago) => {
      if (ago > 200) return usual(3.4 * gib)(ago);
      if (ago <= since) return 4.1 * gib;
      return 0.14 * gib + ((3.4 - 0.14) * gib * (ago - since)) / (200 - since);
    };
    const swap: Curve = (ago) =>
      ago > 70 ? 4 * mib : ago <= since ? 30 * mib : 4 * mib + (820 * mib * (70 - ago)) / (70 - since);
    const after =
      (before: number, then: number, now: number): Curve =>
      (ago) =>
        ago > since ? usual(before)(ago) : now + ((then - now) * ago) / since;
    return {
      instances: ids.map((id) => instanceOf(id, of)),
      cluster: clusterOf("loyalty", ids, { Engine: "aurora-postgresql", EngineVersion: "14.9" }),
      metrics: {
        ...calmAurora({ engine: "postgres", vcpus: 2, memoryGib: 16, connections: 240, cpu: 34, iops: 300 }),
        ...calmReader(ids[1], 16),
        FreeableMemory: free,
        SwapUsage: swap,
        EngineUptime: (ago) => (ago > since ? 63 * 86_400 - ago * 60 : (since - ago) * 60),
        DatabaseConnections: (ago) =>
          ago > since ? 240 : ago > since - 1 ? 0 : Math.min(236, (since - ago) * 90),
        CPUUtilization: after(34, 74, 39),
        BufferCacheHitRatio: after(99.7, 84, 98.1),
        ReadIOPS: after(120, 3100, 420),
        ReadThroughput: after(2.2e6, 46e6, 6.1e6),
        DBLoad: after(1.3, 5.4, 1.9),
        DBLoadCPU: after(0.9, 1.9, 1.1),
        DBLoadNonCPU: after(0.4, 3.5, 0.8),
      },
      events: [told(ids[0], since - 1, "availability", "DB instance restarted")],
      load: loadOf(
        { CPU: 1.2, "IO:DataFileRead": 1.3, "IO:XactSync": 0.2, "Client:ClientRead": 0.1 },
        [
          {
            sql: "SELECT balance FROM accounts WHERE member_id = ?",
            waits: { CPU: 0.4, "IO:DataFileRead": 0.5 },
          },
          {
            sql: "SELECT m.*, t.name FROM members m JOIN tiers t ON t.id = m.tier_id WHERE m.card_no = ?",
            waits: { CPU: 0.3, "IO:DataFileRead": 0.4 },
          },
          {
            sql: "INSERT INTO point_entries ( member_id, points, reason ) VALUES ( ?, ?, ? )",
            waits: { CPU: 0.2, "IO:XactSync": 0.2 },
          },
        ],
        { loyalty_api: 2.4, loyalty_jobs: 0.4 },
      ),
      logs: [
        errorLog(
          [
            logged(
              since,
              { pid: 511 },
              "LOG:  server process (PID 30418) was terminated by signal 9: Killed",
            ),
            logged(
              since,
              { pid: 511 },
              "DETAIL:  Failed process was running: SELECT member_id, jsonb_agg(e ORDER BY e.at) FROM point_entries e GROUP BY member_id",
            ),
            logged(since, { pid: 511 }, "LOG:  terminating any other active server processes"),
            logged(
              since - 0.1,
              { host: "10.31.5.77(39922)", user: "loyalty_api", database: "loyalty", pid: 30_971 },
              "FATAL:  the database system is in recovery mode",
            ),
            logged(since - 0.4, { pid: 511 }, "LOG:  all server processes terminated; reinitializing"),
            logged(since - 0.9, { pid: 511 }, "LOG:  database system is ready to accept connections"),
          ],
          since - 0.9,
        ),
      ],
      alarm: {
        ...below("FreeableMemory", 500 * mib, [498 * mib, 470 * mib, 455 * mib], since + 19),
        state: "OK",
      },
      way: "probe-failed",
    };
  },
});
