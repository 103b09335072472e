import { calmRds } from "../support/outside/calm.ts";
import { type Curve, steps, usual } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, instanceOf, loadOf } from "../support/outside/described.ts";

const ids = { replica: "orders-replica-1", source: "orders-db" };
const of = { Engine: "mysql", EngineVersion: "8.0.37", DBInstanceClass: "db.r6g.xlarge" };
/** The second that it is in the midst of stays the same. */
const behind: Curve = Object.assign((ago: number) => (ago >= 43 ? 0 : (43 - ago) * 60), { rough: 0 });

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "A replica is in the midst of one large transaction: each minute a minute further behind, one core of four at work, hardly a write",
  world: (dice) => {
    const cpu = dice.number(33, 35);
    return {
      instances: [
        instanceOf(ids.replica, {
          ...of,
          ReadReplicaSourceDBInstanceIdentifier: ids.source,
          StatusInfos: [{ StatusType: "read replication", Normal: true, Status: "replicating" }],
        }),
        instanceOf(ids.source, { ...of, ReadReplicaDBInstanceIdentifiers: [ids.replica] }),
      ],
      metrics: {
        ...calmRds({
          engine: "mysql",
          vcpus: 4,
          memoryGib: 32,
          freeGib: 84,
          connections: 52,
          cpu: 9,
          iops: 420,
        }),
        ReplicaLag: behind,
        CPUUtilization: steps(9, cpu, 43),
        WriteIOPS: steps(250, 31, 43),
        WriteThroughput: steps(5.2e6, 0.7e6, 43),
        DBLoad: steps(0.4, 1.4, 43),
        DBLoadCPU: steps(0.3, 1.3, 43),
        DBLoadNonCPU: steps(0.1, 0.1, 43),
        "orders-db/CPUUtilization": usual(27),
        "orders-db/DatabaseConnections": usual(188),
        "orders-db/WriteIOPS": usual(280),
        "orders-db/ReadIOPS": usual(120),
        "orders-db/FreeableMemory": usual(7.1 * 1024 ** 3),
        "orders-db/FreeStorageSpace": usual(84 * 1024 ** 3),
        "orders-db/DBLoad": usual(1.4),
      },
      events: [],
      load: loadOf(
        { CPU: 1.3, "wait/io/table/sql/handler": 0.1 },
        [
          {
            sql: "SELECT DATE ( `placed_at` ) , COUNT ( * ) FROM `orders` WHERE `placed_at` >= ? GROUP BY DATE ( `placed_at` )",
            waits: { CPU: 0.2 },
          },
        ],
        { Unknown: 1.1, reporting: 0.3 },
      ),
      alarm: above("ReplicaLag", 900, [960, 1020, 1080], 24),
      way: "probe-failed",
    };
  },
});
