import { calmRds, withoutInsights } from "../support/outside/calm.ts";
import { gapped, turns, usual, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { ago, instanceOf, nightlyBackup, notice, told } from "../support/outside/described.ts";
import { mariadbErrorLine, mysqlErrorLog } from "../support/outside/mysql-log.ts";

const id = "forum-db";

export const scenario = defineOutside({
  engine: "mariadb",
  title:
    "The host was lost and the server came back; phpbb_posts is MyISAM, was open, is marked as crashed, and every read of it fails until somebody repairs it",
  world: (dice) => {
    const lost = dice.number(37, 40);
    const back = lost - 7;
    const calm = withoutInsights(
      withDays(
        calmRds({
          engine: "mariadb",
          vcpus: 2,
          memoryGib: 8,
          freeGib: 61,
          connections: 48,
          cpu: 31,
          iops: 320,
        }),
      ),
    );
    const restarted = told(id, back, "availability", "DB instance restarted");
    const errors = Array.from({ length: 60 }, (_, index) => back - 1 - index * ((back - 2) / 60));
    return {
      instances: [
        instanceOf(id, {
          Engine: "mariadb",
          EngineVersion: "10.6.20",
          DBInstanceClass: "db.m6g.large",
          AllocatedStorage: 100,
          PerformanceInsightsEnabled: false,
        }),
      ],
      metrics: gapped(
        {
          ...calm,
          CPUUtilization: turns(usual(31), back, 13),
          DatabaseConnections: turns(usual(48), back, 37),
          ReadIOPS: turns(usual(128), back, 71),
          NetworkTransmitThroughput: turns(usual(1.5e6), back, 0.3e6),
        },
        lost,
        back,
      ),
      events: [
        told(id, back - 1, "recovery", "Recovery of the DB instance is complete."),
        restarted,
        told(
          id,
          lost - 2,
          "recovery",
          "Recovery of the DB instance has started. Recovery time will vary with the amount of data to be recovered.",
        ),
        ...nightlyBackup(id),
      ],
      changes: [
        {
          at: ago(60 * 24 * 31).toISOString(),
          source: "cloudtrail",
          subject: id,
          what: "ModifyDBInstance",
          by: "t.brandt",
          detail: "backupRetentionPeriod=14",
          error: null,
        },
      ],
      load: null,
      logs: [
        mysqlErrorLog(
          [
            mariadbErrorLine(
              back + 0.6,
              0,
              "[Note] InnoDB: Starting crash recovery from checkpoint LSN=88120417733",
            ),
            mariadbErrorLine(back + 0.3, 0, "[Note] InnoDB: 128 rollback segments are active."),
            mariadbErrorLine(back + 0.1, 0, "[Note] /rdsdbbin/mysql/bin/mysqld: ready for connections."),
            ...errors.map((at, index) =>
              mariadbErrorLine(
                at,
                31 + index * 4,
                "[ERROR] mysqld: Table './forum/phpbb_posts' is marked as crashed and should be repaired",
              ),
            ),
          ],
          1,
        ),
      ],
      notice: notice("RDS-EVENT-0006", restarted),
      way: "probe-failed",
    };
  },
});
