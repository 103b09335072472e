import { calmAurora, calmReader } from "../support/outside/calm.ts";
import { atTheseHours } from "../support/outside/days-apart.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, clusterOf, instanceOf, loadOf, nightlyBackup } from "../support/outside/described.ts";

const [cluster, writer, reader] = ["settle", "settle-1", "settle-2"];
const like = {
  Engine: "aurora-mysql",
  EngineVersion: "8.0.mysql_aurora.3.08.0",
  DBInstanceClass: "db.r6g.2xlarge",
  DBClusterIdentifier: cluster,
};

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "Nothing is wrong: the settlement runs at this hour as each day, with six of eight vCPUs, and the alarm is new",
  world: (dice) => {
    const began = dice.number(27, 30);
    const then = (inside: number, outside: number) => atTheseHours(began, 75, inside, outside);
    return {
      instances: [instanceOf(writer, like), instanceOf(reader, like)],
      cluster: clusterOf(cluster, [writer, reader], { Engine: "aurora-mysql" }),
      metrics: {
        ...calmAurora({ engine: "mysql", vcpus: 8, memoryGib: 64, connections: 96, cpu: 34, iops: 0 }),
        CPUUtilization: then(83, 34),
        DBLoad: then(6.6, 2.4),
        DBLoadCPU: then(5.7, 2),
        DBLoadNonCPU: then(0.9, 0.4),
        Queries: then(2900, 1900),
        DMLLatency: then(1.9, 1.4),
        CommitThroughput: then(260, 210),
        WriteThroughput: then(14e6, 6e6),
        ...calmReader(reader, 64),
      },
      events: nightlyBackup(cluster),
      load: loadOf(
        { CPU: 5.7, "wait/io/redo_log_flush": 0.5, "wait/io/table/sql/handler": 0.4 },
        [
          {
            sql: "INSERT INTO `settlement_daily` SELECT `merchant_id` , `currency` , SUM ( `amount` ) , COUNT ( * ) FROM `captures` WHERE `captured_on` = ? AND `merchant_id` BETWEEN ? AND ? GROUP BY `merchant_id` , `currency`",
            waits: { CPU: 3.6, "wait/io/table/sql/handler": 0.3 },
          },
          {
            sql: "SELECT `id` , `amount` FROM `captures` WHERE `payment_id` = ?",
            waits: { CPU: 1.2 },
          },
          {
            sql: "INSERT INTO `captures` ( `payment_id` , `merchant_id` , `amount` , `currency` , `captured_on` ) VALUES (...)",
            waits: { CPU: 0.5, "wait/io/redo_log_flush": 0.4 },
          },
        ],
        { settlement: 3.9, payments_api: 2.7 },
      ),
      alarm: above("CPUUtilization", 80, [82.4, 83.6, 82.9], began - 4),
      way: "probe-failed",
    };
  },
});
