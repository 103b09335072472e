import { calmRds } from "../support/outside/calm.ts";
import { type Curve, usual } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, instanceOf, loadOf, nightlyBackup } from "../support/outside/described.ts";

const id = "catalog-db";
const replica = "catalog-db-read";

/** The import comes at this hour every day. */
function daily(value: number, otherwise: number): Curve {
  return (minutes) =>
    minutes % 1440 < 24 || minutes % 1440 > 1434 ? usual(value)(minutes) : usual(otherwise)(minutes);
}

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "The suppliers' price lists are read in as every day at this hour: writes are many and the replica is seconds behind",
  world: (dice) => {
    const writes = dice.number(1700, 2000);
    return {
      instances: [
        instanceOf(id, {
          Engine: "postgres",
          EngineVersion: "16.8",
          DBInstanceClass: "db.r6g.xlarge",
          AllocatedStorage: 500,
          Iops: 12_000,
          StorageThroughput: 500,
          ReadReplicaDBInstanceIdentifiers: [replica],
        }),
        instanceOf(replica, {
          Engine: "postgres",
          EngineVersion: "16.8",
          DBInstanceClass: "db.r6g.xlarge",
          AllocatedStorage: 500,
          Iops: 12_000,
          StorageThroughput: 500,
          ReadReplicaSourceDBInstanceIdentifier: id,
        }),
      ],
      metrics: {
        ...calmRds({
          engine: "postgres",
          vcpus: 4,
          memoryGib: 32,
          freeGib: 260,
          connections: 88,
          cpu: 29,
          iops: 900,
        }),
        WriteIOPS: daily(writes, 540),
        WriteThroughput: daily(writes * 21_000, 540 * 21_000),
        CPUUtilization: daily(51, 29),
        DBLoad: daily(2.4, 1.2),
        DBLoadCPU: daily(1.7, 0.9),
        DBLoadNonCPU: daily(0.7, 0.3),
        [`${replica}/CPUUtilization`]: daily(26, 15),
        [`${replica}/DatabaseConnections`]: usual(41),
        [`${replica}/ReplicaLag`]: daily(14, 0.3),
      },
      events: [...nightlyBackup(id)],
      load: loadOf(
        { CPU: 1.7, "IO:WALWrite": 0.4, "IO:WALSync": 0.3 },
        [
          {
            sql: "INSERT INTO price_list (supplier, article, valid_from, price) VALUES (?, ?, ?, ?) ON CONFLICT (supplier, article, valid_from) DO UPDATE SET price = EXCLUDED.price",
            waits: { CPU: 0.9, "IO:WALWrite": 0.4, "IO:WALSync": 0.3 },
          },
          {
            sql: "SELECT price FROM price_list WHERE supplier = ? AND article = ? ORDER BY valid_from DESC LIMIT ?",
            waits: { CPU: 0.6 },
          },
        ],
        { importer: 1.6, catalog: 0.8 },
      ),
      alarm: above("WriteIOPS", 1500, [1710, 1804, 1786], 9),
      way: "probe-failed",
    };
  },
});
