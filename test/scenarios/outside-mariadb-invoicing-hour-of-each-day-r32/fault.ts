import { calmRds, withoutInsights } from "../support/outside/calm.ts";
import { atTheseHours } from "../support/outside/days-apart.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, ago, instanceOf, nightlyBackup } from "../support/outside/described.ts";
import { mariadbErrorLine, mysqlErrorLog } from "../support/outside/mysql-log.ts";

const id = "erp-mariadb";

export const scenario = defineOutside({
  engine: "mariadb",
  title:
    "Healthy: the invoicing run of every day at this hour takes the CPU to 86 % as yesterday and a week ago, and the alarm stands at 80",
  world: (dice) => {
    const began = dice.number(22, 28);
    const hour = (inside: number, outside: number) => atTheseHours(began, 55, inside, outside);
    return {
      instances: [
        instanceOf(id, {
          Engine: "mariadb",
          EngineVersion: "10.11.9",
          DBInstanceClass: "db.m6g.large",
          MultiAZ: true,
          PerformanceInsightsEnabled: false,
        }),
      ],
      metrics: {
        ...withoutInsights(
          calmRds({
            engine: "mariadb",
            vcpus: 2,
            memoryGib: 8,
            freeGib: 96,
            connections: 58,
            cpu: 30,
            iops: 300,
          }),
        ),
        CPUUtilization: hour(86, 30),
        DatabaseConnections: hour(66, 58),
        ReadIOPS: hour(390, 120),
        WriteIOPS: hour(610, 180),
        ReadThroughput: hour(9e6, 2.2e6),
        WriteThroughput: hour(13e6, 3.8e6),
        DiskQueueDepth: hour(1.1, 0.4),
        NetworkTransmitThroughput: hour(4.1e6, 1.8e6),
      },
      events: nightlyBackup(id),
      load: null,
      logs: [
        mysqlErrorLog(
          [
            mariadbErrorLine(
              211,
              9_114,
              "[Warning] Aborted connection 9114 to db: 'erp' user: 'erp_app' host: '10.2.0.14' (Got timeout reading communication packets)",
            ),
          ],
          211,
        ),
      ],
      changes: [
        {
          at: ago(60 * 24 * 9).toISOString(),
          source: "cloudtrail",
          subject: id,
          what: "ModifyDBInstance",
          by: "terraform",
          detail: "PreferredBackupWindow=01:10-01:40",
          error: null,
        },
      ],
      alarm: above("CPUUtilization", 80, [85.1, 86.7, 86.2], began - 4),
      way: "probe-failed",
    };
  },
});
