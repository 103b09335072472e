import { calmRds } from "../support/outside/calm.ts";
import { steps, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, instanceOf, loadOf, nightlyBackup } from "../support/outside/described.ts";

const id = "billing-mysql";
const data = "wait/io/file/innodb/innodb_data_file";
const handler = "wait/io/table/sql/handler";

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "A warehouse copies tables at a tenth of what network and volume can do; an alarm of its traffic fires",
  world: (dice) => {
    const sent = dice.number(94, 98);
    return {
      instances: [
        instanceOf(id, {
          Engine: "mysql",
          EngineVersion: "8.0.40",
          DBInstanceClass: "db.m6g.2xlarge",
          MultiAZ: true,
          AllocatedStorage: 800,
          Iops: 12_000,
          StorageThroughput: 500,
        }),
      ],
      metrics: {
        ...withDays(
          calmRds({
            engine: "mysql",
            vcpus: 8,
            memoryGib: 32,
            freeGib: 377,
            connections: 210,
            cpu: 28,
            iops: 900,
          }),
        ),
        NetworkTransmitThroughput: steps(6.6e6, sent * 1e6, 66),
        ReadThroughput: steps(8e6, 88e6, 66),
        ReadIOPS: steps(360, 1700, 66),
        ReadLatency: steps(0.0007, 0.0009, 66),
        DiskQueueDepth: steps(1.1, 2.4, 66),
        CPUUtilization: steps(28, 41, 66),
        DatabaseConnections: steps(210, 218, 66),
        DBLoad: steps(2.2, 4.4, 66),
        DBLoadCPU: steps(1.7, 2.6, 66),
        DBLoadNonCPU: steps(0.5, 1.8, 66),
      },
      events: nightlyBackup(id),
      load: loadOf(
        { CPU: 2.6, [data]: 0.9, [handler]: 0.5, "wait/io/socket/sql/client_connection": 0.4 },
        [
          {
            sql: "SELECT `id` , `invoice_id` , `sku` , `qty` , `amount` , `tax` , `created_at` FROM `billing` . `line_items` WHERE `id` > ? AND `id` <= ?",
            waits: { CPU: 0.9, [data]: 0.7, [handler]: 0.2, "wait/io/socket/sql/client_connection": 0.4 },
          },
          {
            sql: "SELECT * FROM `invoices` WHERE `customer_id` = ? ORDER BY `issued_at` DESC LIMIT ?",
            waits: { CPU: 0.8, [handler]: 0.2 },
          },
          { sql: "SELECT * FROM `customers` WHERE `id` = ?", waits: { CPU: 0.5, [handler]: 0.1 } },
          { sql: "UPDATE `invoices` SET `state` = ? WHERE `id` = ?", waits: { CPU: 0.2, [data]: 0.1 } },
        ],
        { billing_api: 2.2, dms: 2.2 },
      ),
      alarm: above("NetworkTransmitThroughput", 60_000_000, [95.1e6, 96.4e6, 95.9e6], 61),
      way: "probe-failed",
    };
  },
});
