import { calmRds } from "../support/outside/calm.ts";
import { during, steps, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, ago, instanceOf, loadOf, nightlyBackup, told } from "../support/outside/described.ts";

const id = "freight-prod";
const up = 192;

export const scenario = defineOutside({
  engine: "mysql",
  title: "Since the upgrade from 8.0 to 8.4 one join of the tracking page takes three of four vCPUs",
  world: (dice) => {
    const join = dice.number(50, 54) / 10;
    return {
      instances: [
        instanceOf(id, {
          Engine: "mysql",
          EngineVersion: "8.4.5",
          DBInstanceClass: "db.r6g.xlarge",
          MultiAZ: true,
          AllocatedStorage: 500,
          Iops: 12_000,
          StorageThroughput: 500,
          DBParameterGroups: [{ DBParameterGroupName: "freight-mysql84", ParameterApplyStatus: "in-sync" }],
        }),
      ],
      metrics: {
        ...withDays(
          calmRds({
            engine: "mysql",
            vcpus: 4,
            memoryGib: 32,
            freeGib: 214,
            connections: 152,
            cpu: 37,
            iops: 540,
          }),
        ),
        CPUUtilization: (minutes) =>
          during(up + 1, up - 15, null, steps(37, 92, up - 15)(minutes) ?? 0)(minutes),
        DatabaseConnections: steps(152, 174, up - 20),
        DBLoad: steps(1.7, join + 2.6, up - 18),
        DBLoadCPU: steps(1.2, join + 1.2, up - 18),
        DBLoadNonCPU: steps(0.5, 1.4, up - 18),
      },
      events: [
        told(id, up - 14, "maintenance", "The engine version upgrade finished."),
        told(id, up - 13, "availability", "DB instance restarted"),
        told(id, up - 2, "maintenance", "The engine version upgrade started."),
        told(id, up, "maintenance", "The downtime started for the DB instance."),
        ...nightlyBackup(id),
      ],
      changes: [
        {
          at: ago(up + 9).toISOString(),
          source: "cloudtrail",
          subject: id,
          what: "ModifyDBInstance",
          by: "db-platform",
          detail: `dBInstanceIdentifier=${id}, engineVersion=8.4.5, allowMajorVersionUpgrade=true, dBParameterGroupName=freight-mysql84, applyImmediately=true`,
          error: null,
        },
      ],
      load: loadOf(
        {
          CPU: join + 1.2,
          "io/table/sql/handler": 0.9,
          "io/file/sql/binlog": 0.3,
          "io/file/innodb/innodb_log_file": 0.2,
        },
        [
          {
            sql: "SELECT `s` . `id` , `s` . `tracking_no` , `i` . `status` , `i` . `scanned_at` FROM `shipments` `s` JOIN `shipment_items` `i` ON `i` . `shipment_id` = `s` . `id` WHERE `s` . `customer_id` = ? AND `i` . `status` IN (...) ORDER BY `i` . `scanned_at` DESC LIMIT ?",
            waits: { CPU: join - 0.3, "io/table/sql/handler": 0.4 },
          },
          {
            sql: "UPDATE `shipment_items` SET `status` = ? , `scanned_at` = ? WHERE `id` = ?",
            waits: {
              CPU: 0.3,
              "io/table/sql/handler": 0.3,
              "io/file/sql/binlog": 0.3,
              "io/file/innodb/innodb_log_file": 0.2,
            },
          },
          {
            sql: "SELECT * FROM `customers` WHERE `id` = ?",
            waits: { CPU: 0.3, "io/table/sql/handler": 0.1 },
          },
          { sql: "SELECT `id` , `name` FROM `depots` WHERE `region` = ?", waits: { CPU: 0.2 } },
        ],
        { tracking_web: join + 0.8, scanner: 1.4, backoffice: 0.4 },
      ),
      alarm: above("CPUUtilization", 85, [90.4, 91.8, 92.6, 91.1, 92.2], up - 25),
      way: "probe-failed",
    };
  },
});
