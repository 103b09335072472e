import { calmRds } from "../support/outside/calm.ts";
import { steps, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, instanceOf, loadOf, nightlyBackup } from "../support/outside/described.ts";

const [source, replica] = ["tickets-prod", "tickets-prod-ro"];
const like = {
  Engine: "postgres",
  EngineVersion: "14.15",
  DBInstanceClass: "db.r6g.2xlarge",
  DBName: "tickets",
  AllocatedStorage: 1000,
  Iops: 12_000,
  StorageThroughput: 500,
};
const calm = { engine: "postgres", vcpus: 8, memoryGib: 64, freeGib: 410 } as const;
const wait = "LWLock:SubtransSLRU";

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "A long transaction with savepoints is open on the source; every snapshot of the replica has overflowed and looks each transaction up in pg_subtrans",
  world: (dice) => {
    const since = dice.number(21, 26);
    const ofSource = withDays(calmRds({ ...calm, connections: 241, cpu: 38, iops: 1900 }));
    return {
      instances: [
        instanceOf(replica, {
          ...like,
          ReadReplicaSourceDBInstanceIdentifier: source,
          StatusInfos: [{ StatusType: "read replication", Normal: true, Status: "replicating" }],
          BackupRetentionPeriod: 0,
        }),
        instanceOf(source, { ...like, MultiAZ: true, ReadReplicaDBInstanceIdentifiers: [replica] }),
      ],
      metrics: {
        ...withDays(calmRds({ ...calm, connections: 118, cpu: 27, iops: 1100 })),
        ReplicaLag: () => 0.4,
        CPUUtilization: steps(27, 31, since),
        DBLoad: steps(2.1, 47, since),
        DBLoadCPU: steps(1.7, 2.3, since),
        DBLoadNonCPU: steps(0.4, 44.7, since),
        DatabaseConnections: steps(118, 192, since),
        ReadIOPS: steps(440, 310, since),
        NetworkTransmitThroughput: steps(3.6e6, 1.1e6, since),
        ...Object.fromEntries(Object.entries(ofSource).map(([name, curve]) => [`${source}/${name}`, curve])),
      },
      events: nightlyBackup(source),
      load: loadOf(
        { [wait]: 43.9, CPU: 2.3, "LWLock:SubtransBuffer": 0.6, "IO:DataFileRead": 0.2 },
        [
          {
            sql: "SELECT e.id, e.starts_at, e.sold FROM events e WHERE e.venue_id = ? AND e.starts_at > ?",
            waits: { [wait]: 14.8, CPU: 0.7 },
          },
          { sql: "SELECT t.* FROM tickets t WHERE t.order_id = ?", waits: { [wait]: 13.1, CPU: 0.6 } },
          {
            sql: "SELECT count(*) FROM seats WHERE event_id = ? AND state = ?",
            waits: { [wait]: 9.2, CPU: 0.5 },
          },
          { sql: "SELECT * FROM customers WHERE id = ?", waits: { [wait]: 6.8, CPU: 0.3 } },
        ],
        { web_ro: 45.1, bi: 1.9 },
      ),
      alarm: above("DBLoad", 16, [46.2, 48.1, 46.9], since - 4),
      way: "probe-failed",
    };
  },
});
