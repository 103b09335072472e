import { calmRds, withoutInsights } from "../support/outside/calm.ts";
import { turns, usual, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { ago, instanceOf, nightlyBackup, notice, told } from "../support/outside/described.ts";
import { mysqlErrorLine, mysqlErrorLog } from "../support/outside/mysql-log.ts";

const [source, replica] = ["inventory", "inventory-ro"];
const like = {
  Engine: "mysql",
  EngineVersion: "8.0.39",
  AllocatedStorage: 500,
  Iops: 12_000,
  StorageThroughput: 500,
  PerformanceInsightsEnabled: false,
  DBInstanceClass: "db.r6g.large",
};
const because =
  "Could not execute Write_rows event on table inventory.stock_moves; Duplicate entry '88123411' for key 'stock_moves.PRIMARY', Error_code: 1062; handler error HA_ERR_FOUND_DUPP_KEY; the event's source log mysql-bin-changelog.048213, end_log_pos 61244102";

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "Since read_only was set to 0 on the replica somebody wrote rows into it; the source's next row has the same key, and the applier has stopped with 1062",
  world: (dice) => {
    const stopped = dice.number(38, 42);
    const said = told(
      replica,
      stopped,
      "read replica",
      `Read Replica Replication Error - SQLError: 1062, reason: ${because}`,
    );
    const calm = { engine: "mysql", vcpus: 2, memoryGib: 16, freeGib: 260 } as const;
    const ofSource = withDays(withoutInsights(calmRds({ ...calm, connections: 141, cpu: 37, iops: 640 })));
    return {
      instances: [
        instanceOf(replica, {
          ...like,
          ReadReplicaSourceDBInstanceIdentifier: source,
          BackupRetentionPeriod: 0,
          StatusInfos: [
            {
              StatusType: "read replication",
              Normal: false,
              Status: "error",
              Message: `SQLError: 1062, reason: ${because}`,
            },
          ],
        }),
        instanceOf(source, { ...like, MultiAZ: true, ReadReplicaDBInstanceIdentifiers: [replica] }),
      ],
      metrics: {
        ...withDays(withoutInsights(calmRds({ ...calm, connections: 38, cpu: 24, iops: 520 }))),
        ReplicaLag: turns(usual(0.3), stopped, -1),
        WriteIOPS: turns(usual(310), stopped, 55),
        WriteThroughput: turns(usual(6.6e6), stopped, 1.4e6),
        ...Object.fromEntries(Object.entries(ofSource).map(([name, curve]) => [`${source}/${name}`, curve])),
      },
      events: [said, ...nightlyBackup(source)],
      load: null,
      logs: [
        mysqlErrorLog(
          [
            mysqlErrorLine(
              stopped,
              17,
              `[ERROR] [MY-010584] [Repl] Replica SQL for channel '': Worker 1 failed executing transaction 'ANONYMOUS' at source log mysql-bin-changelog.048213, end_log_pos 61244102; ${because}, Error_code: MY-001062`,
            ),
            mysqlErrorLine(
              stopped,
              16,
              "[ERROR] [MY-010586] [Repl] Error running query, replica SQL thread aborted. Fix the problem, and restart the replica SQL thread with \"START REPLICA\". We stopped at log 'mysql-bin-changelog.048213' position 61243788",
            ),
          ],
          stopped,
        ),
      ],
      changes: [
        {
          at: ago(60 * 24 * 4 + 55).toISOString(),
          source: "cloudtrail",
          subject: `${replica}-params`,
          what: "ModifyDBParameterGroup",
          by: "p.novak",
          detail: `dBParameterGroupName=${replica}-params, parameters=[{"parameterName":"read_only","parameterValue":"0","applyMethod":"immediate"}]`,
          error: null,
        },
      ],
      notice: notice("RDS-EVENT-0045", said),
      way: "probe-failed",
    };
  },
});
