import { calmRds, withoutInsights } from "../support/outside/calm.ts";
import { steps, usual, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, ago, instanceOf, nightlyBackup, told } from "../support/outside/described.ts";
import { mariadbErrorLine, mysqlErrorLog } from "../support/outside/mysql-log.ts";
import { fillsUp } from "../support/outside/saws.ts";

const id = "loyalty-main";
const group = "loyalty-main-params";

export const scenario = defineOutside({
  engine: "mariadb",
  title:
    "Since last night's restart a thread pool of at most 100 threads serves everybody; workers that wait for a named lock sit on all of them, and whoever comes is accepted and never answered",
  world: (dice) => {
    const since = dice.number(25, 28);
    const asked = 1012;
    const blocked = Array.from({ length: Math.floor(since / 1.5) }, (_, index) => {
      const at = since - index * 1.5;
      return [
        mariadbErrorLine(
          at,
          0,
          `[Warning] Threadpool has been blocked for ${30 + Math.round(index * 90)} seconds`,
        ),
        "",
        mariadbErrorLine(
          at,
          0,
          "[ERROR] Threadpool could not create additional thread to handle queries, because the number of allowed threads was reached. Increasing 'thread_pool_max_threads' parameter can help in this situation.",
        ),
        " If 'extra_port' parameter is set, you can still connect to the database with superuser account (it must be TCP connection using extra_port as TCP port) and troubleshoot the situation. A likely cause of pool blocks are clients that lock resources for long time. 'show processlist' or 'show engine innodb status' can give additional hints.",
      ];
    }).flat();
    return {
      instances: [
        instanceOf(id, {
          Engine: "mariadb",
          EngineVersion: "10.11.8",
          DBInstanceClass: "db.r6g.2xlarge",
          MultiAZ: true,
          AllocatedStorage: 600,
          Iops: 12_000,
          StorageThroughput: 500,
          PerformanceInsightsEnabled: false,
          DBParameterGroups: [{ DBParameterGroupName: group, ParameterApplyStatus: "in-sync" }],
        }),
      ],
      metrics: {
        ...withDays(
          withoutInsights(
            calmRds({
              engine: "mariadb",
              vcpus: 8,
              memoryGib: 64,
              freeGib: 288,
              connections: 610,
              cpu: 41,
              iops: 1300,
            }),
          ),
        ),
        CPUUtilization: steps(41, 3.2, since),
        DatabaseConnections: fillsUp(usual(610), since, 52, 4000),
        ReadIOPS: steps(520, 4, since),
        WriteIOPS: steps(780, 21, since),
        ReadThroughput: steps(9.4e6, 70_000, since),
        WriteThroughput: steps(16e6, 260_000, since),
        DiskQueueDepth: steps(1.6, 0.05, since),
        NetworkReceiveThroughput: steps(5.5e6, 210_000, since),
        NetworkTransmitThroughput: steps(19e6, 180_000, since),
      },
      events: [
        told(id, asked - 6, "availability", "DB instance restarted"),
        told(id, asked - 4, "availability", "DB instance shutdown"),
        ...nightlyBackup(id),
      ],
      load: null,
      logs: [
        mysqlErrorLog(
          [
            mariadbErrorLine(
              since + 64,
              41_220,
              "[Warning] Aborted connection 41220 to db: 'loyalty' user: 'till' host: '10.6.4.18' (Got timeout reading communication packets)",
            ),
            ...blocked,
          ],
          1,
        ),
      ],
      changes: [
        {
          at: ago(asked).toISOString(),
          source: "cloudtrail",
          subject: id,
          what: "RebootDBInstance",
          by: "s.bauer",
          detail: `dBInstanceIdentifier=${id}`,
          error: null,
        },
        {
          at: ago(asked + 9).toISOString(),
          source: "cloudtrail",
          subject: group,
          what: "ModifyDBParameterGroup",
          by: "s.bauer",
          detail: `dBParameterGroupName=${group}, parameters=[{"parameterName":"thread_handling","parameterValue":"pool-of-threads","applyMethod":"pending-reboot"},{"parameterName":"thread_pool_max_threads","parameterValue":"100","applyMethod":"pending-reboot"}]`,
          error: null,
        },
      ],
      alarm: above("DatabaseConnections", 1200, [1231, 1284, 1337], since - 13),
      way: "silent",
    };
  },
});
