import { calmRds } from "../support/outside/calm.ts";
import { steps, usual, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, instanceOf, loadOf, nightlyBackup } from "../support/outside/described.ts";
import { errorLog, logged } from "../support/outside/postgres-log.ts";

const [source, replica] = ["projects-main", "projects-read-1"];
const like = {
  Engine: "postgres",
  EngineVersion: "14.12",
  DBInstanceClass: "db.r6g.4xlarge",
  AllocatedStorage: 2000,
  Iops: 12_000,
  StorageThroughput: 500,
};
const calm = { engine: "postgres", memoryGib: 128, vcpus: 16, freeGib: 900 } as const;

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "A long transaction on the source, savepoints in the others: each snapshot of the replica looks up subtransactions in a cache of 32 pages, and all reads there stand (real: a code host's stalls of 2021)",
  world: (dice) => {
    const since = dice.number(18, 22);
    const ofSource = withDays(calmRds({ ...calm, connections: 340, cpu: 39, iops: 3100 }));
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
        ...withDays(calmRds({ ...calm, connections: 410, cpu: 48, iops: 2400 })),
        CPUUtilization: steps(48, 24, since),
        DatabaseConnections: steps(410, 655, since - 1),
        DBLoad: steps(7.6, 92, since),
        DBLoadCPU: steps(5.9, 3.4, since),
        DBLoadNonCPU: steps(1.7, 88.6, since),
        ReadIOPS: steps(960, 310, since),
        ReadThroughput: steps(17e6, 5.6e6, since),
        NetworkTransmitThroughput: steps(12.7e6, 3.9e6, since),
        ReplicaLag: usual(0.4),
        ...Object.fromEntries(Object.entries(ofSource).map(([name, curve]) => [`${source}/${name}`, curve])),
      },
      events: nightlyBackup(source),
      logs: [
        errorLog(
          [
            logged(19, { pid: 411 }, "LOG:  restartpoint starting: time"),
            logged(
              16,
              { pid: 411 },
              "LOG:  restartpoint complete: wrote 11422 buffers (0.1%); 0 WAL file(s) added, 3 removed, 18 recycled; write=179.114 s, sync=0.008 s, total=179.201 s; sync files=214, longest=0.004 s, average=0.001 s; distance=311082 kB, estimate=340119 kB",
            ),
            logged(16, { pid: 411 }, "LOG:  recovery restart point at 8C1/4F0021B8"),
            logged(
              4,
              { host: "10.60.3.8(51442)", user: "web", database: "projects", pid: 30_412 },
              "LOG:  could not receive data from client: Connection reset by peer",
            ),
          ],
          3,
        ),
      ],
      load: loadOf(
        {
          "LWLock:SubtransSLRU": 74.1,
          "LWLock:SubtransBuffer": 9.6,
          "IO:SLRURead": 3.2,
          CPU: 3.4,
          "IO:DataFileRead": 0.6,
        },
        [
          {
            sql: "SELECT * FROM projects WHERE id = $1 LIMIT $2",
            waits: { "LWLock:SubtransSLRU": 29, "LWLock:SubtransBuffer": 4, CPU: 1.1 },
          },
          {
            sql: "SELECT * FROM issues WHERE project_id = $1 ORDER BY updated_at DESC LIMIT $2",
            waits: { "LWLock:SubtransSLRU": 24, "LWLock:SubtransBuffer": 3, CPU: 0.9 },
          },
          { sql: "SELECT * FROM members WHERE user_id = $1", waits: { "LWLock:SubtransSLRU": 17, CPU: 0.6 } },
        ],
        { web: 81, api: 9.8 },
      ),
      alarm: above("DBLoad", 32, [88.2, 93.4, 91.7], since - 3),
      alsoAlarms: [above("DatabaseConnections", 600, [651, 655, 658], since - 6)],
      way: "probe-failed",
    };
  },
});
