import { calmAurora } from "../support/outside/calm.ts";
import { byHour, even, usual } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, clusterOf, instanceOf, loadOf } from "../support/outside/described.ts";

const id = "loyalty-sv2-1";
const version = "8.0.mysql_aurora.3.07.1";

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "A buffer pool that is well filled keeps all 16 ACU, day by day, while the CPU has hardly anything to do",
  world: (dice) => {
    const cpu = dice.number(11, 14);
    return {
      instances: [
        instanceOf(id, {
          Engine: "aurora-mysql",
          EngineVersion: version,
          DBInstanceClass: "db.serverless",
          DBClusterIdentifier: "loyalty-sv2",
        }),
      ],
      cluster: clusterOf("loyalty-sv2", [id], {
        Engine: "aurora-mysql",
        EngineVersion: version,
        ServerlessV2ScalingConfiguration: { MinCapacity: 2, MaxCapacity: 16 },
      }),
      metrics: {
        ...calmAurora({ engine: "mysql", vcpus: 4, memoryGib: 32, connections: 96, cpu, iops: 240 }),
        CPUUtilization: byHour(cpu),
        DatabaseConnections: byHour(96),
        Queries: byHour(840),
        ServerlessDatabaseCapacity: even(usual(16)),
        ACUUtilization: even(usual(100)),
        FreeableMemory: usual(4.2 * 1024 ** 3),
        DBLoad: byHour(0.6),
        DBLoadCPU: byHour(0.5),
        DBLoadNonCPU: byHour(0.1),
      },
      events: [],
      load: loadOf(
        { CPU: 0.5, "io/aurora_redo_log_flush": 0.1 },
        [
          { sql: "SELECT `points` FROM `balances` WHERE `member_id` = ?", waits: { CPU: 0.2 } },
          {
            sql: "INSERT INTO `movements` VALUES (...)",
            waits: { CPU: 0.1, "io/aurora_redo_log_flush": 0.1 },
          },
        ],
        { loyalty_api: 0.6 },
      ),
      alarm: above("ACUUtilization", 90, [100, 100, 100], 25),
      way: "probe-failed",
    };
  },
});
