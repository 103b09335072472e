import { calmRds } from "../support/outside/calm.ts";
import { type Curve, steps, usual } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, ago, instanceOf, loadOf, nightlyBackup, told } from "../support/outside/described.ts";

const id = "rewards-prod";

/** No points while RDS changes the host. */
function acrossTheChange(curve: Curve): Curve {
  return (ago) => (ago <= 10 && ago >= 8 ? null : curve(ago));
}

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "One statement takes both vCPUs, RDS leaves the busy primary for the standby, and that is as busy since",
  world: (dice) => {
    const search = dice.number(39, 44);
    return {
      instances: [
        instanceOf(id, {
          Engine: "mysql",
          EngineVersion: "8.0.36",
          DBInstanceClass: "db.r5.large",
          MultiAZ: true,
          AllocatedStorage: 300,
        }),
      ],
      maintenance: [
        {
          resource: id,
          action: "system-update",
          description: "New Operating System update is available",
          optIn: null,
          autoAppliedAfter: null,
          forcedAt: null,
          appliesAt: ago(-60 * 24 * 9).toISOString(),
        },
      ],
      metrics: {
        ...calmRds({
          engine: "mysql",
          vcpus: 2,
          memoryGib: 16,
          freeGib: 141,
          connections: 143,
          cpu: 41,
          iops: 480,
        }),
        CPUUtilization: acrossTheChange(steps(41, 99.2, 34)),
        DatabaseConnections: acrossTheChange(steps(143, 388, 33)),
        FreeableMemory: acrossTheChange((ago) => (ago < 8 ? 10.4 - 0.6 * (8 - ago) : 3.3) * 1024 ** 3),
        ReadIOPS: acrossTheChange((ago) => (ago < 8 ? 1120 : (usual(190)(ago) ?? 190))),
        ReadThroughput: acrossTheChange((ago) => (ago < 8 ? 18.3e6 : 3.4e6)),
        WriteIOPS: acrossTheChange(steps(290, 170, 34)),
        DBLoad: acrossTheChange(steps(0.8, search + 9, 34)),
        DBLoadCPU: acrossTheChange(steps(0.6, search + 4, 34)),
        DBLoadNonCPU: acrossTheChange(steps(0.2, 5, 34)),
      },
      events: [
        told(id, 8, "failover", "The RDS Multi-AZ primary instance is busy and unresponsive."),
        told(id, 8, "failover", "Multi-AZ instance failover completed"),
        told(id, 9, "availability", "DB instance restarted"),
        told(id, 10, "failover", "Multi-AZ instance failover started."),
        ...nightlyBackup(id),
      ],
      load: loadOf(
        {
          CPU: search + 4,
          "wait/io/table/sql/handler": 2.9,
          "wait/synch/mutex/innodb/trx_sys_mutex": 1.2,
          "wait/io/file/innodb/innodb_data_file": 0.9,
        },
        [
          {
            sql: "SELECT `c` . * FROM `coupons` `c` WHERE `c` . `code` = ? AND `c` . `merchant_id` IN (...) AND `c` . `expires_at` > NOW ( ) LIMIT ?",
            waits: { CPU: search, "wait/io/table/sql/handler": 2.1 },
          },
          {
            sql: "UPDATE `balances` SET `points` = `points` + ? WHERE `member_id` = ?",
            waits: { CPU: 1.6, "wait/io/table/sql/handler": 0.5 },
          },
          { sql: "SELECT * FROM `members` WHERE `id` = ?", waits: { CPU: 1.3 } },
        ],
        { checkout_api: search + 3, members: 6 },
      ),
      alarm: above("CPUUtilization", 90, [98.8, 99.1, 99.3], 28),
      way: "probe-failed",
    };
  },
});
