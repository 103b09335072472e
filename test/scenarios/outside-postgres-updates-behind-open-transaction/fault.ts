import { calmRds } from "../support/outside/calm.ts";
import { moves, steps } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, instanceOf, loadOf, nightlyBackup } from "../support/outside/described.ts";

const id = "ticketing-db";

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "Updates of seats wait for a transaction that does nothing: 160 sessions by now, the CPU falls, a dump reads on beside",
  world: (dice) => {
    const waiting = dice.number(158, 166);
    const mean = waiting * 0.72;
    return {
      instances: [
        instanceOf(id, {
          Engine: "postgres",
          EngineVersion: "16.6",
          DBInstanceClass: "db.m6g.large",
          MultiAZ: true,
        }),
      ],
      metrics: {
        ...calmRds({
          engine: "postgres",
          vcpus: 2,
          memoryGib: 8,
          freeGib: 74,
          connections: 64,
          cpu: 38,
          iops: 520,
        }),
        DatabaseConnections: moves(64, 64 + waiting, 26),
        CPUUtilization: steps(38, 13, 24),
        WriteIOPS: steps(312, 71, 24),
        WriteThroughput: steps(6.2e6, 1.3e6, 24),
        ReadIOPS: steps(208, 190, 24),
        DBLoad: moves(1.2, waiting + 2.5, 26),
        DBLoadCPU: moves(0.8, 0.3, 24),
        DBLoadNonCPU: moves(0.4, waiting + 2.2, 26),
      },
      events: nightlyBackup(id),
      load: loadOf(
        {
          "Lock:transactionid": mean,
          "Lock:tuple": 2.6,
          "Client:ClientWrite": 0.6,
          CPU: 0.4,
          "IO:DataFileRead": 0.3,
        },
        [
          {
            sql: "UPDATE seats SET held_by = $1, held_until = $2 WHERE show_id = $3 AND seat_no = $4",
            waits: { "Lock:transactionid": mean * 0.8, "Lock:tuple": 1.9, CPU: 0.1 },
          },
          {
            sql: "SELECT seat_no, price FROM seats WHERE show_id = $1 AND seat_no = ANY ( $2 ) FOR UPDATE",
            waits: { "Lock:transactionid": mean * 0.2, "Lock:tuple": 0.7 },
          },
          {
            sql: "COPY public.audit_log ( id, at, actor, what ) TO stdout",
            waits: { "Client:ClientWrite": 0.6, "IO:DataFileRead": 0.3, CPU: 0.1 },
          },
        ],
        { booking_api: mean + 2.8, dump: 1.1 },
      ),
      alarm: above("DBLoad", 10, [12.8, 19.1, 25.4], 21),
      way: "probe-failed",
    };
  },
});
