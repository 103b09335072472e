import { calmRds } from "../support/outside/calm.ts";
import { moves, steps } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, instanceOf, loadOf, nightlyBackup } from "../support/outside/described.ts";

const id = "payouts-db";

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "Workers queue for one advisory lock whose owner shows no work: 38 of them by now, payouts stand still, the rest goes on",
  world: (dice) => {
    const waiting = dice.number(36, 40);
    return {
      instances: [
        instanceOf(id, {
          Engine: "postgres",
          EngineVersion: "14.15",
          DBInstanceClass: "db.m6g.xlarge",
          MultiAZ: true,
        }),
      ],
      metrics: {
        ...calmRds({
          engine: "postgres",
          vcpus: 4,
          memoryGib: 16,
          freeGib: 102,
          connections: 83,
          cpu: 30,
          iops: 380,
        }),
        DatabaseConnections: moves(83, 117, 19),
        CPUUtilization: steps(30, 17, 19),
        WriteIOPS: steps(228, 96, 19),
        DBLoad: steps(1.2, waiting + 1, 15),
        DBLoadCPU: steps(0.9, 0.6, 15),
        DBLoadNonCPU: steps(0.3, waiting + 0.4, 15),
      },
      events: nightlyBackup(id),
      load: loadOf(
        { "Lock:advisory": waiting, CPU: 0.6, "IO:DataFileRead": 0.3, "IO:WALSync": 0.1 },
        [
          {
            sql: "SELECT pg_advisory_xact_lock ( $1, hashtext ( $2 ) )",
            waits: { "Lock:advisory": waiting },
          },
          {
            sql: "SELECT p.* FROM payouts p WHERE p.merchant_id = $1 ORDER BY p.created_at DESC LIMIT $2",
            waits: { CPU: 0.3, "IO:DataFileRead": 0.2 },
          },
          {
            sql: "UPDATE merchants SET last_seen = $1 WHERE id = $2",
            waits: { CPU: 0.1, "IO:WALSync": 0.1 },
          },
        ],
        { payout_worker: waiting, backoffice: 1 },
      ),
      alarm: above("DBLoad", 8, [36.8, 38.1, 39.4], 11),
      way: "probe-failed",
    };
  },
});
