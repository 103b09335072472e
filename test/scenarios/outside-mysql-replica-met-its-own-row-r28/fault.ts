import { calmRds, withoutInsights } from "../support/outside/calm.ts";
import { steps, turns, usual, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { ago, instanceOf, nightlyBackup, told } from "../support/outside/described.ts";
import { mysqlErrorLine, mysqlErrorLog } from "../support/outside/mysql-log.ts";

const [source, replica] = ["crm", "crm-replica"];
const like = {
  Engine: "mysql",
  EngineVersion: "8.0.40",
  DBInstanceClass: "db.r6g.large",
  PerformanceInsightsEnabled: false,
};
const calm = { engine: "mysql", memoryGib: 16, vcpus: 2, freeGib: 94 } as const;
const reason =
  "Could not execute Write_rows event on table crm.contact_merge; Duplicate entry '8812094' for key 'contact_merge.PRIMARY', Error_code: 1062; handler error HA_ERR_FOUND_DUPP_KEY; the event's source log mysql-bin-changelog.004127, end_log_pos 51880211";

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "The replica was made writable yesterday, somebody wrote a row there, and the source's own row of that key now stops its replication",
  world: (dice) => {
    const stopped = dice.number(50, 56);
    const onSource = withDays(withoutInsights(calmRds({ ...calm, connections: 121, cpu: 33, iops: 610 })));
    const event = told(
      replica,
      stopped - 1,
      "read replica",
      `Read Replica Replication Error - SQLError: 1062, reason: ${reason}`,
    );
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
              Message: `Replication Error - SQLError: 1062, reason: ${reason}`,
            },
          ],
          DBParameterGroups: [{ DBParameterGroupName: "crm-replica-rw", ParameterApplyStatus: "in-sync" }],
        }),
        instanceOf(source, { ...like, MultiAZ: true, ReadReplicaDBInstanceIdentifiers: [replica] }),
      ],
      metrics: {
        ...withDays(withoutInsights(calmRds({ ...calm, connections: 38, cpu: 22, iops: 520 }))),
        ReplicaLag: turns(usual(0.2), stopped, -1),
        WriteIOPS: steps(310, 34, stopped),
        WriteThroughput: steps(6.5e6, 1.1e6, stopped),
        CPUUtilization: steps(22, 17, stopped),
        ...Object.fromEntries(Object.entries(onSource).map(([name, curve]) => [`${source}/${name}`, curve])),
      },
      events: [event, ...nightlyBackup(source)],
      changes: [
        {
          at: ago(1290).toISOString(),
          source: "cloudtrail",
          subject: "crm-replica-rw",
          what: "ModifyDBParameterGroup",
          by: "s.moreau",
          detail:
            'dBParameterGroupName=crm-replica-rw, parameters=[{"parameterName":"read_only","parameterValue":"0","applyMethod":"immediate"}]',
          error: null,
        },
      ],
      logs: [
        mysqlErrorLog(
          [
            mysqlErrorLine(
              stopped,
              14,
              `[ERROR] [MY-010584] [Repl] Replica SQL for channel '': ${reason}, Error_code: MY-001062`,
            ),
            mysqlErrorLine(
              stopped,
              14,
              "[ERROR] [MY-010586] [Repl] Error running query, replica SQL thread aborted. Fix the problem, and restart the replica SQL thread with \"START REPLICA\". We stopped at log 'mysql-bin-changelog.004127' position 51879402",
            ),
          ],
          stopped,
        ),
      ],
      notice: {
        id: "RDS-EVENT-0045",
        category: "read replica",
        message: event.message,
        minutesAgo: stopped - 1,
      },
      way: "probe-failed",
    };
  },
});
