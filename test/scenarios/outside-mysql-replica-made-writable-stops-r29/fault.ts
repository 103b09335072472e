import { calmRds, withoutInsights } from "../support/outside/calm.ts";
import { steps, usual, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { ago, below, instanceOf, nightlyBackup, told } from "../support/outside/described.ts";
import { mysqlErrorLine, mysqlErrorLog } from "../support/outside/mysql-log.ts";
import { between } from "../support/outside/recurring.ts";

const gib = 1024 ** 3;
const [source, replica] = ["sales-prod", "sales-reports"];
const like = {
  Engine: "mysql",
  EngineVersion: "8.0.40",
  DBInstanceClass: "db.r6g.large",
  AllocatedStorage: 300,
  PerformanceInsightsEnabled: false,
};
const why =
  "Could not execute Write_rows event on table sales.activities; Duplicate entry '88120411' for key 'activities.PRIMARY', Error_code: 1062; handler error HA_ERR_FOUND_DUPP_KEY; the event's source log mysql-bin-changelog.118842, end_log_pos 7713402";

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "The replica was made writable two days ago and somebody inserted into it: the source's own row of that key cannot be applied, replication stands still with 1062",
  world: (dice) => {
    const since = dice.number(24, 28);
    const ofSource = withDays(
      withoutInsights(
        calmRds({
          engine: "mysql",
          vcpus: 2,
          memoryGib: 16,
          freeGib: 131,
          connections: 150,
          cpu: 36,
          iops: 480,
        }),
      ),
    );
    const before = withDays(
      withoutInsights(
        calmRds({
          engine: "mysql",
          vcpus: 2,
          memoryGib: 16,
          freeGib: 128,
          connections: 22,
          cpu: 21,
          iops: 360,
        }),
      ),
    );
    return {
      instances: [
        instanceOf(replica, {
          ...like,
          ReadReplicaSourceDBInstanceIdentifier: source,
          StatusInfos: [
            {
              StatusType: "read replication",
              Normal: false,
              Status: "error",
              Message: `Read Replica Replication Error - SQLError: 1062, reason: ${why}`,
            },
          ],
          BackupRetentionPeriod: 0,
        }),
        instanceOf(source, { ...like, MultiAZ: true, ReadReplicaDBInstanceIdentifiers: [replica] }),
      ],
      metrics: {
        ...before,
        ReplicaLag: (back) => (back > since ? (usual(0.4)(back) ?? 0) : -1),
        WriteIOPS: steps(216, 61, since),
        WriteThroughput: steps(4.5e6, 1.9e6, since),
        CPUUtilization: steps(21, 14, since),
        FreeStorageSpace: between(since, 0, 128 * gib, 127.1 * gib),
        ...Object.fromEntries(Object.entries(ofSource).map(([name, curve]) => [`${source}/${name}`, curve])),
      },
      events: [
        told(
          replica,
          since - 2,
          "read replica",
          `Replication has stopped on the read replica. Read Replica Replication Error - SQLError: 1062, reason: ${why}`,
        ),
        ...nightlyBackup(source),
      ],
      load: null,
      logs: [
        mysqlErrorLog(
          [
            mysqlErrorLine(
              since,
              41,
              `[ERROR] [MY-010584] [Repl] Replica SQL for channel '': Worker 1 failed executing transaction 'ANONYMOUS' at source log mysql-bin-changelog.118842, end_log_pos 7713402; ${why}, Error_code: MY-001062`,
            ),
            mysqlErrorLine(
              since,
              40,
              "[Warning] [MY-010584] [Repl] Replica SQL for channel '': ... The replica coordinator and worker threads are stopped, possibly leaving data in inconsistent state. A restart should restore consistency automatically, although using non-transactional storage for data or info tables or DDL queries could lead to problems. In such cases you have to examine your data (see documentation for details). Error_code: MY-001756",
            ),
          ],
          since,
        ),
      ],
      changes: [
        {
          at: ago(60 * 24 * 2.1).toISOString(),
          source: "cloudtrail",
          subject: `${replica}-params`,
          what: "ModifyDBParameterGroup",
          by: "bi.lehmann",
          detail: `dBParameterGroupName=${replica}-params, parameters=[{"isModifiable":false,"applyMethod":"immediate","parameterName":"read_only","parameterValue":"0"}]`,
          error: null,
        },
      ],
      alarm: below("ReplicaLag", 0, [-1, -1, -1], since - 4),
      way: "probe-failed",
    };
  },
});
