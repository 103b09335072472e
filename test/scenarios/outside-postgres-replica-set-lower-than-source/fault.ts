import { calmRds } from "../support/outside/calm.ts";
import { steps, usual, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, ago, instanceOf, loadOf, nightlyBackup, told } from "../support/outside/described.ts";
import { errorLog, logged } from "../support/outside/postgres-log.ts";
import { fillsUp } from "../support/outside/saws.ts";

const gib = 1024 ** 3;
const mib = 1024 ** 2;
const [source, replica] = ["booking-prod", "booking-reports"];
const like = {
  Engine: "postgres",
  EngineVersion: "15.12",
  DBName: "booking",
  AllocatedStorage: 800,
  Iops: 12_000,
  StorageThroughput: 500,
};
const calm = { engine: "postgres", freeGib: 330 } as const;
const redo =
  "CONTEXT:  WAL redo at 4F/1C0000A0 for XLOG/PARAMETER_CHANGE: max_connections=1200 max_worker_processes=16 max_wal_senders=20 max_prepared_xacts=0 max_locks_per_xact=64 wal_level=logical wal_log_hints=off track_commit_timestamp=off";

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "max_connections of the source was raised over that of its replica; replay pauses there until the replica is set alike and restarted",
  world: (dice) => {
    const since = dice.number(37, 42);
    const ofSource = withDays(
      calmRds({ ...calm, vcpus: 8, memoryGib: 64, connections: 512, cpu: 41, iops: 2300 }),
    );
    return {
      instances: [
        instanceOf(replica, {
          ...like,
          DBInstanceClass: "db.r6g.large",
          ReadReplicaSourceDBInstanceIdentifier: source,
          StatusInfos: [{ StatusType: "read replication", Normal: true, Status: "replicating" }],
          BackupRetentionPeriod: 0,
        }),
        instanceOf(source, {
          ...like,
          DBInstanceClass: "db.r6g.2xlarge",
          MultiAZ: true,
          ReadReplicaDBInstanceIdentifiers: [replica],
        }),
      ],
      metrics: {
        ...withDays(calmRds({ ...calm, vcpus: 2, memoryGib: 16, connections: 38, cpu: 34, iops: 1300 })),
        ReplicaLag: fillsUp(usual(0.7), since, 60, 90_000),
        WriteIOPS: steps(780, 90, since),
        WriteThroughput: steps(16e6, 2.6e6, since),
        CPUUtilization: steps(34, 29, since),
        // 2.1 MB/s arrive and are kept.
        TransactionLogsDiskUsage: fillsUp(usual(1.1 * gib), since, 126 * mib, 90 * gib),
        FreeStorageSpace: (minutes) => 330 * gib - (minutes > since ? 0 : (since - minutes) * 126 * mib),
        ...Object.fromEntries(Object.entries(ofSource).map(([name, curve]) => [`${source}/${name}`, curve])),
      },
      events: [
        told(source, since, "availability", "DB instance restarted"),
        told(source, since + 1, "availability", "DB instance shutdown"),
        told(
          `${source}-params`,
          180,
          "configuration change",
          "Updated parameter max_connections to 1200 with apply method pending-reboot",
          "parameter-group",
        ),
        ...nightlyBackup(source),
      ],
      changes: [
        {
          at: ago(since + 2).toISOString(),
          source: "cloudtrail",
          subject: source,
          what: "RebootDBInstance",
          by: "a.lindqvist",
          detail: `dBInstanceIdentifier=${source}`,
          error: null,
        },
      ],
      logs: [
        errorLog(
          [
            ...[
              "WARNING:  hot standby is not possible because of insufficient parameter settings",
              "DETAIL:  max_connections = 800 is a lower setting than on the primary server, where its value was 1200.",
              redo,
              "LOG:  recovery has paused",
              "DETAIL:  If recovery is unpaused, the server will shut down.",
              "HINT:  You can then restart the server after making the necessary configuration changes.",
              redo,
            ].map((line) => logged(since - 0.4, { pid: 511 }, line)),
            logged(
              11,
              { host: "10.7.2.9(40122)", user: "reports", database: "booking", pid: 6120 },
              "LOG:  could not receive data from client: Connection reset by peer",
            ),
          ],
          11,
        ),
      ],
      load: loadOf(
        { CPU: 0.6, "IO:DataFileRead": 0.1 },
        [
          {
            sql: "SELECT hotel_id, sum(nights) FROM stays WHERE arrives_on BETWEEN ? AND ? GROUP BY hotel_id",
            waits: { CPU: 0.4 },
          },
        ],
        { reports: 0.7 },
      ),
      alarm: above("ReplicaLag", 900, [931, 992, 1051], since - 17),
      way: "probe-failed",
    };
  },
});
