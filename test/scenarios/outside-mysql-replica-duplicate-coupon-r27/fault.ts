import { calmRds, withoutInsights } from "../support/outside/calm.ts";
import { turns, usual, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { ago, instanceOf, nightlyBackup, notice, told } from "../support/outside/described.ts";
import { mysqlErrorLine, mysqlErrorLog } from "../support/outside/mysql-log.ts";

const [source, replica] = ["promo-prod", "promo-prod-read"];
const says =
  "Worker 1 failed executing transaction 'ANONYMOUS' at source log mysql-bin-changelog.041233, end_log_pos 551294; Could not execute Write_rows event on table promo.coupons; Duplicate entry '771402' for key 'coupons.PRIMARY', Error_code: 1062; handler error HA_ERR_FOUND_DUPP_KEY; the event's source log FIRST, end_log_pos 551294";

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "Somebody wrote a coupon into the replica, which is open for writes; the source's own row of that key stops replication with 1062",
  world: (dice) => {
    const stopped = dice.number(14, 18);
    const like = {
      Engine: "mysql",
      EngineVersion: "8.0.39",
      DBInstanceClass: "db.m6g.xlarge",
      AllocatedStorage: 400,
      Iops: 12_000,
      StorageThroughput: 500,
      PerformanceInsightsEnabled: false,
      DBName: "promo",
    };
    const calm = { engine: "mysql", vcpus: 4, memoryGib: 16, freeGib: 210 } as const;
    const ofSource = withDays(withoutInsights(calmRds({ ...calm, connections: 121, cpu: 33, iops: 640 })));
    const halted = told(
      replica,
      stopped,
      "read replica",
      "Replication for the Read Replica resulted in an error. Please resolve the error. You can view the Replication Error field in Amazon RDS console for the Read Replica or the results of SHOW SLAVE STATUS.",
    );
    return {
      instances: [
        instanceOf(replica, {
          ...like,
          ReadReplicaSourceDBInstanceIdentifier: source,
          BackupRetentionPeriod: 0,
          StatusInfos: [{ StatusType: "read replication", Normal: false, Status: "error", Message: says }],
        }),
        instanceOf(source, { ...like, MultiAZ: true, ReadReplicaDBInstanceIdentifiers: [replica] }),
      ],
      metrics: {
        ...withDays(withoutInsights(calmRds({ ...calm, connections: 66, cpu: 24, iops: 520 }))),
        ReplicaLag: turns(usual(0.2), stopped, -1),
        WriteIOPS: turns(usual(312), stopped, 9),
        WriteThroughput: turns(usual(6.5e6), stopped, 0.3e6),
        ...Object.fromEntries(Object.entries(ofSource).map(([name, curve]) => [`${source}/${name}`, curve])),
      },
      events: [halted, ...nightlyBackup(source)],
      load: null,
      logs: [
        mysqlErrorLog(
          [
            mysqlErrorLine(
              stopped,
              11,
              `[ERROR] [MY-010584] [Repl] Replica SQL for channel '': ${says}, Error_code: MY-001062`,
            ),
            mysqlErrorLine(
              stopped,
              10,
              "[Warning] [MY-010584] [Repl] Replica SQL for channel '': ... The replica coordinator and worker threads are stopped, possibly leaving data in inconsistent state. A restart should restore consistency automatically, although using non-transactional storage for data or info tables or DDL queries could lead to problems. In such cases you have to examine your data (see documentation for details). Error_code: MY-001756",
            ),
          ],
          stopped,
        ),
      ],
      changes: [
        {
          at: ago(60 * 20).toISOString(),
          source: "cloudtrail",
          subject: `${replica}-params`,
          what: "ModifyDBParameterGroup",
          by: "m.keller",
          detail: `dBParameterGroupName=${replica}-params, parameters=[{"isModifiable":false,"applyMethod":"immediate","parameterName":"read_only","parameterValue":"0"}]`,
          error: null,
        },
      ],
      notice: notice("RDS-EVENT-0045", halted),
      way: "probe-failed",
    };
  },
});
