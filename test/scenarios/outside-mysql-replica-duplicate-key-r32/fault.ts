import { calmRds, withoutInsights } from "../support/outside/calm.ts";
import { during, steps, usual, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { below, instanceOf, nightlyBackup, told } from "../support/outside/described.ts";
import { mysqlErrorLine, mysqlErrorLog } from "../support/outside/mysql-log.ts";

const [source, replica] = ["catalog-prod", "catalog-replica"];
const error =
  "Could not execute Write_rows event on table catalog.price_rules; Duplicate entry '918273' for key 'price_rules.PRIMARY', Error_code: 1062; handler error HA_ERR_FOUND_DUPP_KEY; the event's source log mysql-bin-changelog.084213, end_log_pos 48213377";
const like = {
  Engine: "mysql",
  EngineVersion: "8.0.39",
  AllocatedStorage: 300,
  PerformanceInsightsEnabled: false,
};
const calm = { engine: "mysql", vcpus: 2, memoryGib: 16, freeGib: 170 } as const;

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "Somebody wrote a row into the replica; the source's insert of the same key stopped replication with 1062, and the replica answers with old data",
  world: (dice) => {
    const since = dice.number(52, 58);
    const ofSource = withDays(withoutInsights(calmRds({ ...calm, connections: 180, cpu: 36, iops: 700 })));
    const own = withDays(withoutInsights(calmRds({ ...calm, connections: 64, cpu: 22, iops: 420 })));
    return {
      instances: [
        instanceOf(replica, {
          ...like,
          DBInstanceClass: "db.r6g.large",
          ReadReplicaSourceDBInstanceIdentifier: source,
          BackupRetentionPeriod: 0,
          StatusInfos: [
            {
              StatusType: "read replication",
              Normal: false,
              Status: "error",
              Message: `Replication error: Worker 1 failed executing transaction 'ANONYMOUS' at source log mysql-bin-changelog.084213, end_log_pos 48213377; ${error}`,
            },
          ],
        }),
        instanceOf(source, {
          ...like,
          DBInstanceClass: "db.r6g.large",
          MultiAZ: true,
          ReadReplicaDBInstanceIdentifiers: [replica],
        }),
      ],
      metrics: {
        ...own,
        ReplicaLag: Object.assign((minutes: number) => (minutes > since ? 0 : -1), { rough: 0 }),
        WriteIOPS: steps(250, 21, since),
        WriteThroughput: steps(5.2e6, 0.7e6, since),
        CPUUtilization: during(since, 0, 16, 22),
        FreeStorageSpace: usual(168 * 1024 ** 3),
        ...Object.fromEntries(Object.entries(ofSource).map(([name, curve]) => [`${source}/${name}`, curve])),
      },
      events: [
        told(replica, since - 2, "read replica", "Replication has stopped."),
        ...nightlyBackup(source),
      ],
      logs: [
        mysqlErrorLog(
          [
            mysqlErrorLine(
              since,
              14,
              `[ERROR] [MY-010584] [Repl] Replica SQL for channel '': Worker 1 failed executing transaction 'ANONYMOUS' at source log mysql-bin-changelog.084213, end_log_pos 48213377; ${error}, Error_code: MY-001062`,
            ),
            mysqlErrorLine(
              since,
              13,
              "[Warning] [MY-010584] [Repl] Replica SQL for channel '': ... The replica coordinator and worker threads are stopped, possibly leaving data in inconsistent state. A restart should restore consistency automatically, although using non-transactional storage for data or info tables or DDL queries could lead to problems. In such cases you have to examine your data (see documentation for details). Error_code: MY-001756",
            ),
            mysqlErrorLine(
              since,
              13,
              "[Note] [MY-010586] [Repl] Error reading relay log event for channel '': replica SQL thread was killed",
            ),
          ],
          since,
        ),
      ],
      alarm: below("ReplicaLag", 0, [-1, -1, -1], since - 4),
      way: "probe-failed",
    };
  },
});
