import { calmAurora } from "../support/outside/calm.ts";
import { type Curve, usual, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { below, clusterOf, instanceOf, loadOf, told } from "../support/outside/described.ts";
import { errorLog, logged } from "../support/outside/postgres-log.ts";

const id = "parcels-db-1";
const mib = 1024 ** 2;
const killed = (at: number, pid: number) => [
  logged(at, { pid: 441 }, `LOG:  server process (PID ${pid}) was terminated by signal 9: Killed`),
  logged(
    at,
    { pid: 441 },
    "DETAIL:  Failed process was running: SELECT s.id, json_agg(e.* ORDER BY e.at) FROM shipments s JOIN shipment_events e ON e.shipment_id = s.id WHERE s.carrier_id = $1 GROUP BY s.id",
  ),
  logged(at, { pid: 441 }, "LOG:  terminating any other active server processes"),
  logged(
    at - 0.05,
    { host: "10.4.18.23(50112)", user: "parcels_api", database: "parcels", pid: pid + 80 },
    "FATAL:  the database system is in recovery mode",
  ),
  logged(at - 0.1, { pid: 441 }, "LOG:  all server processes terminated; reinitializing"),
  logged(at - 0.4, { pid: 441 }, "LOG:  database system is ready to accept connections"),
];

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "A JSON export takes what memory a db.t4g.medium has; the kernel kills its backend, and the whole server restarts, for the third time since noon",
  world: (dice) => {
    const last = dice.number(7, 9);
    const crashes = [last + 134, last + 66, last];
    const untilCrash = (at: number) => Math.min(...crashes.filter((c) => c <= at).map((c) => at - c), 999);
    const afterCrash = (at: number) => Math.min(...crashes.filter((c) => c > at).map((c) => c - at), 9999);
    const climbs = (calm: number, worst: number): Curve => {
      return (at) => (untilCrash(at) < 14 ? worst + ((calm - worst) * untilCrash(at)) / 14 : calm);
    };
    const dips = (calm: Curve, inside: number): Curve => {
      return (at) => (afterCrash(at) < 1.6 ? inside : calm(at));
    };
    const days = withDays(
      calmAurora({ engine: "postgres", vcpus: 2, memoryGib: 4, connections: 58, cpu: 21, iops: 140 }),
    );
    return {
      instances: [
        instanceOf(id, {
          Engine: "aurora-postgresql",
          EngineVersion: "16.6",
          DBInstanceClass: "db.t4g.medium",
          DBClusterIdentifier: "parcels-db",
        }),
      ],
      cluster: clusterOf("parcels-db", [id], {
        Engine: "aurora-postgresql",
        EngineVersion: "16.6",
        MultiAZ: false,
      }),
      metrics: {
        ...days,
        FreeableMemory: climbs(780 * mib, 42 * mib),
        SwapUsage: climbs(38 * mib, 290 * mib),
        DatabaseConnections: dips(usual(58), 4),
        CPUUtilization: climbs(21, 52),
        DBLoad: climbs(0.5, 2.1),
        CommitThroughput: dips(usual(84), 2),
        EngineUptime: (at) => (at > last + 134 ? 33 * 86_400 - at * 60 : Math.min(afterCrash(at), 999) * 60),
      },
      events: [
        told(id, last - 1, "availability", "DB instance restarted"),
        told(id, last + 65, "availability", "DB instance restarted"),
        told(id, last + 133, "availability", "DB instance restarted"),
      ],
      logs: [
        errorLog(
          [
            logged(
              last + 150,
              { pid: 502 },
              'LOG:  automatic vacuum of table "parcels.public.shipment_events": index scans: 1',
            ),
            ...killed(last + 134, 20_117),
            ...killed(last + 66, 24_906),
            ...killed(last, 29_530),
          ],
          last - 1,
        ),
      ],
      load: loadOf(
        { CPU: 0.9, "IO:BufFileWrite": 0.2 },
        [
          {
            sql: "SELECT s.id, json_agg(e.* ORDER BY e.at) FROM shipments s JOIN shipment_events e ON e.shipment_id = s.id WHERE s.carrier_id = $1 GROUP BY s.id",
            waits: { CPU: 0.5, "IO:BufFileWrite": 0.2 },
          },
          { sql: "SELECT * FROM shipments WHERE tracking_code = $1", waits: { CPU: 0.3 } },
        ],
        { carrier_export: 0.7, parcels_api: 0.4 },
      ),
      alarm: {
        ...below("FreeableMemory", 200 * mib, [196_000_000, 131_000_000, 74_000_000], last + 1, "Minimum"),
        state: "OK",
      },
      way: "probe-failed",
    };
  },
});
