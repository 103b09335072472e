import { calmRds, calmReader } from "../support/outside/calm.ts";
import { byHour, usual, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, instanceOf, loadOf, nightlyBackup } from "../support/outside/described.ts";

const id = "erp-reports";
const source = "erp-main";
const handler = "wait/io/table/sql/handler";

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "The replica for reports works through its morning as on every other day, within its vCPUs and without a lag, above an alarm of 80 %",
  world: (dice) => {
    const cpu = dice.number(83, 85);
    return {
      instances: [
        instanceOf(id, {
          Engine: "mysql",
          EngineVersion: "8.0.41",
          DBInstanceClass: "db.r6g.2xlarge",
          AllocatedStorage: 800,
          Iops: 12_000,
          StorageThroughput: 500,
          ReadReplicaSourceDBInstanceIdentifier: source,
          StatusInfos: [{ StatusType: "read replication", Normal: true, Status: "replicating" }],
        }),
        instanceOf(source, {
          Engine: "mysql",
          EngineVersion: "8.0.41",
          DBInstanceClass: "db.r6g.2xlarge",
          MultiAZ: true,
          AllocatedStorage: 800,
          Iops: 12_000,
          StorageThroughput: 500,
          ReadReplicaDBInstanceIdentifiers: [id],
        }),
      ],
      metrics: {
        ...withDays(
          calmRds({
            engine: "mysql",
            vcpus: 8,
            memoryGib: 64,
            freeGib: 312,
            connections: 44,
            cpu,
            iops: 2600,
          }),
        ),
        ...calmReader(source, 64),
        [`${source}/CPUUtilization`]: usual(37),
        CPUUtilization: byHour(cpu, 0.14),
        [`${source}/WriteIOPS`]: usual(760),
        [`${source}/WriteThroughput`]: usual(13e6),
        ReplicaLag: () => 0,
        DBLoad: byHour(7.1, 0.14),
        DBLoadCPU: byHour(6.3, 0.14),
        DBLoadNonCPU: byHour(0.8, 0.14),
      },
      events: nightlyBackup(source),
      load: loadOf(
        { CPU: 6.3, [handler]: 0.5, "wait/io/file/innodb/innodb_data_file": 0.3 },
        [
          {
            sql: "SELECT `c` . `region` , SUM ( `l` . `net` ) FROM `sales_lines` `l` JOIN `customers` `c` ON `c` . `id` = `l` . `customer_id` WHERE `l` . `day` BETWEEN ? AND ? GROUP BY `c` . `region`",
            waits: { CPU: 1.9, [handler]: 0.1 },
          },
          {
            sql: "SELECT `w` . `code` , `s` . `sku` , SUM ( `s` . `qty` ) FROM `stock` `s` JOIN `warehouses` `w` ON `w` . `id` = `s` . `warehouse_id` GROUP BY `w` . `code` , `s` . `sku`",
            waits: { CPU: 1.6, [handler]: 0.2 },
          },
          {
            sql: "SELECT `supplier_id` , AVG ( DATEDIFF ( `delivered_on` , `ordered_on` ) ) FROM `purchase_orders` WHERE `ordered_on` >= ? GROUP BY `supplier_id`",
            waits: { CPU: 1.4, "wait/io/file/innodb/innodb_data_file": 0.2 },
          },
          {
            sql: "SELECT `account` , SUM ( `debit` ) , SUM ( `credit` ) FROM `postings` WHERE `period` = ? GROUP BY `account`",
            waits: { CPU: 1.3, "wait/io/file/innodb/innodb_data_file": 0.1 },
          },
        ],
        { bi_tool: 6.4, controlling: 0.7 },
      ),
      alarm: above("CPUUtilization", 80, [84.1, 84.9, 83.8], 21),
      way: "probe-failed",
    };
  },
});
