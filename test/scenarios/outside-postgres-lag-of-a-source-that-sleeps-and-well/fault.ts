import { calmRds } from "../support/outside/calm.ts";
import { type Curve, usual } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, ago, instanceOf, loadOf, nightlyBackup } from "../support/outside/described.ts";
import { errorLog, logged } from "../support/outside/postgres-log.ts";
import { inTurn } from "../support/outside/saws.ts";

const [source, replica] = ["catalogue-prod", "catalogue-replica"];
const like = { Engine: "postgres", EngineVersion: "16.4", DBInstanceClass: "db.m6g.large" };
const calm = {
  engine: "postgres",
  vcpus: 2,
  memoryGib: 8,
  freeGib: 141,
  connections: 12,
  cpu: 4,
  iops: 14,
} as const;

/** As in every night: from so many minutes ago, and at the same hours of each day before. */
function nights(began: number, inside: Curve, outside: number): Curve {
  return (now) => ((((began - now) % 1440) + 1440) % 1440 < 540 ? inside(now) : outside);
}

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "Nothing: at night nobody writes, the replica's newest transaction is up to five minutes old, and that is what ReplicaLag counts until the WAL is switched",
  world: (dice) => {
    const began = dice.number(205, 220);
    const saw = inTurn(usual(30), 14_400, [22, 81, 142, 201, 262, 298]);
    const lag = Object.assign(nights(began, saw, 0.6), { rough: 0.03 });
    const quiet = (inside: number, outside: number) => nights(began, usual(inside), outside);
    const ofSource = {
      ...calmRds(calm),
      CPUUtilization: quiet(4, 26),
      WriteIOPS: quiet(1.1, 210),
      WriteThroughput: quiet(21_000, 4.1e6),
      TransactionLogsGeneration: quiet(900, 1.9e6),
      DatabaseConnections: quiet(14, 88),
    };
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
        ...calmRds(calm),
        CPUUtilization: quiet(4, 19),
        DatabaseConnections: quiet(12, 46),
        WriteIOPS: quiet(1.4, 170),
        WriteThroughput: quiet(26_000, 3.6e6),
        ReplicaLag: lag,
        ...Object.fromEntries(Object.entries(ofSource).map(([name, curve]) => [`${source}/${name}`, curve])),
      },
      events: nightlyBackup(source),
      changes: [
        {
          at: ago(60 * 24 * 12).toISOString(),
          source: "cloudtrail",
          subject: replica,
          what: "ModifyDBInstance",
          by: "terraform",
          detail: "monitoringInterval=60",
          error: null,
        },
      ],
      load: loadOf(
        { CPU: 0.06 },
        [{ sql: "SELECT id, slug FROM categories WHERE parent_id = $1", waits: { CPU: 0.06 } }],
        {
          catalogue_ro: 0.06,
        },
      ),
      logs: [
        errorLog(
          [
            logged(18.2, { pid: 391 }, "LOG:  restartpoint starting: time"),
            logged(
              17.9,
              { pid: 391 },
              "LOG:  restartpoint complete: wrote 41 buffers (0.0%); 0 WAL file(s) added, 0 removed, 1 recycled; write=4.107 s, sync=0.004 s, total=4.130 s; sync files=19, longest=0.002 s, average=0.001 s; distance=65536 kB, estimate=66010 kB; lsn=1C/A4000148, redo lsn=1C/A0000060",
            ),
            logged(17.9, { pid: 391 }, "LOG:  recovery restart point at 1C/A0000060"),
            logged(
              17.9,
              { pid: 391 },
              `DETAIL:  Last completed transaction was at log time ${ago(21.4).toISOString().slice(0, 19).replace("T", " ")}.11+00.`,
            ),
          ],
          18,
        ),
      ],
      alarm: above("ReplicaLag", 240, [262, 298, 264], 11, "Maximum"),
      way: "probe-failed",
    };
  },
});
