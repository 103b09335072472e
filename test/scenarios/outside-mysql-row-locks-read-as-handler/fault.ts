import { calmRds } from "../support/outside/calm.ts";
import { steps, usual } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, instanceOf, loadOf, nightlyBackup } from "../support/outside/described.ts";

const id = "payments-db";
const handler = "wait/io/table/sql/handler";

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "A settlement keeps wallets locked: RDS for MySQL has no wait of its own for a row lock, and shows the handler's, while CPU and volume idle",
  world: (dice) => {
    const waiting = dice.number(34, 41);
    return {
      instances: [
        instanceOf(id, {
          Engine: "mysql",
          EngineVersion: "8.0.40",
          DBInstanceClass: "db.r6g.2xlarge",
          MultiAZ: true,
          AllocatedStorage: 500,
          Iops: 12_000,
          StorageThroughput: 500,
        }),
      ],
      metrics: {
        ...calmRds({
          engine: "mysql",
          vcpus: 8,
          memoryGib: 64,
          freeGib: 241,
          connections: 210,
          cpu: 34,
          iops: 700,
        }),
        CPUUtilization: steps(34, 19, 16),
        DatabaseConnections: steps(210, 318, 14),
        ReadIOPS: usual(280),
        WriteIOPS: steps(420, 190, 16),
        WriteThroughput: steps(420 * 21_000, 190 * 21_000, 16),
        DBLoad: steps(2.7, waiting + 10.5, 16),
        DBLoadCPU: steps(2.1, 1.6, 16),
        DBLoadNonCPU: steps(0.6, waiting + 8.9, 16),
        DiskQueueDepth: steps(0.8, 0.5, 16),
        NetworkTransmitThroughput: steps(6.5e6, 3.1e6, 16),
      },
      events: nightlyBackup(id),
      load: loadOf(
        {
          [handler]: waiting + 7.9,
          CPU: 1.6,
          "wait/io/file/sql/binlog": 0.5,
          "wait/io/file/innodb/innodb_log_file": 0.5,
        },
        [
          {
            sql: "UPDATE `wallets` SET `balance` = `balance` - ? , `version` = `version` + ? WHERE `id` = ?",
            waits: { [handler]: waiting, CPU: 0.1 },
          },
          {
            sql: "SELECT `id` , `balance` , `version` FROM `wallets` WHERE `id` = ? FOR UPDATE",
            waits: { [handler]: 7.1 },
          },
          {
            sql: "UPDATE `wallets` `w` JOIN `settlement_items` `s` ON `s` . `wallet_id` = `w` . `id` SET `w` . `balance` = `w` . `balance` + `s` . `amount` WHERE `s` . `run_id` = ?",
            waits: { [handler]: 0.5, CPU: 0.4 },
          },
          {
            sql: "SELECT * FROM `merchants` WHERE `id` = ?",
            waits: { CPU: 0.6, [handler]: 0.2 },
          },
          {
            sql: "INSERT INTO `payment_events` ( `payment_id` , `kind` , `body` ) VALUES (...)",
            waits: { "wait/io/file/sql/binlog": 0.4, CPU: 0.2 },
          },
        ],
        { payments_api: waiting + 9.2, settlement: 0.9 },
      ),
      alarm: above("DBLoad", 16, [41.4, 47.2, 46.8], 12),
      way: "probe-failed",
    };
  },
});
