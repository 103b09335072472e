import { calmRds } from "../support/outside/calm.ts";
import { even, moves, steps } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, instanceOf, loadOf, nightlyBackup } from "../support/outside/described.ts";

const id = "shop-bi-replica";
const source = "shop-primary";
const gib = 1024 ** 3;

const calm = calmRds({
  engine: "postgres",
  vcpus: 4,
  memoryGib: 32,
  freeGib: 140,
  connections: 38,
  cpu: 21,
  iops: 520,
});

const board =
  "SELECT date_trunc($1, o.created_at), p.category, sum(l.amount) FROM orders o JOIN order_lines l ON l.order_id = o.id JOIN products p ON p.id = l.product_id GROUP BY 1, 2";

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "Everybody opens the new dashboard on Monday: the replica has no CPU left, and its replay falls behind",
  world: (dice) => {
    const minutes = dice.number(22, 31);
    const behind = (minutes - 4) * dice.number(20, 26);
    const of = {
      Engine: "postgres",
      EngineVersion: "16.9",
      DBInstanceClass: "db.r6g.xlarge",
      AllocatedStorage: 400,
    };
    return {
      instances: [
        instanceOf(id, {
          ...of,
          ReadReplicaSourceDBInstanceIdentifier: source,
          StatusInfos: [{ StatusType: "read replication", Status: "replicating", Normal: true }],
          BackupRetentionPeriod: 0,
        }),
        instanceOf(source, { ...of, ReadReplicaDBInstanceIdentifiers: [id] }),
      ],
      metrics: {
        ...calm,
        CPUUtilization: even(steps(21, 98.9, minutes)),
        DatabaseConnections: steps(38, 71, minutes),
        NetworkTransmitThroughput: steps(1.2e6, 4.6e6, minutes),
        FreeableMemory: steps(7.1 * gib, 6.2 * gib, minutes),
        ReadIOPS: steps(208, 340, minutes),
        DBLoad: steps(0.9, 33, minutes),
        DBLoadCPU: steps(0.7, 31.4, minutes),
        DBLoadNonCPU: steps(0.2, 1.6, minutes),
        ReplicaLag: moves(0.4, behind, minutes - 4),
        [`${source}/CPUUtilization`]: () => 34,
        [`${source}/DatabaseConnections`]: () => 188,
        [`${source}/FreeableMemory`]: () => 7.4 * gib,
        [`${source}/WriteIOPS`]: () => 410,
        [`${source}/DBLoad`]: () => 1.4,
      },
      events: nightlyBackup(source),
      load: loadOf(
        { CPU: 31.2, "IO:DataFileRead": 1.1, "LWLock:BufferMapping": 0.3 },
        [
          { sql: board, waits: { CPU: 27.4, "IO:DataFileRead": 0.8 } },
          { sql: "SELECT * FROM products WHERE id = $1", waits: { CPU: 1.6 } },
          {
            sql: "SELECT count(*) FROM carts WHERE created_at > $1",
            waits: { CPU: 1.2, "IO:DataFileRead": 0.2 },
          },
        ],
        { metabase: 28.9, shop_ro: 3.4 },
      ),
      alarm: above("CPUUtilization", 90, [98.7, 99.1, 98.8, 98.9, 99], minutes - 6),
      way: "probe-failed",
    };
  },
});
