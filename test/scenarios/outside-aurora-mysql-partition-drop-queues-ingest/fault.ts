import { calmAurora, calmReader } from "../support/outside/calm.ts";
import { moves, steps, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, clusterOf, instanceOf, loadOf, told } from "../support/outside/described.ts";

const id = "metering-b";
const reader = "metering-a";
const engine = { Engine: "aurora-mysql", EngineVersion: "8.0.mysql_aurora.3.07.1" } as const;
const queue = "wait/synch/cond/sql/MDL_context::COND_wait_status";

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "The nightly DROP PARTITION waits for a bill that reads the table, and every reading that comes in waits behind it",
  world: (dice) => {
    const ingest = dice.number(37, 41);
    return {
      instances: [id, reader].map((name) =>
        instanceOf(name, { ...engine, DBInstanceClass: "db.r6i.xlarge", DBClusterIdentifier: "metering" }),
      ),
      cluster: clusterOf("metering", [id, reader], engine),
      metrics: {
        ...withDays(
          calmAurora({ engine: "mysql", vcpus: 4, memoryGib: 32, connections: 120, cpu: 37, iops: 1300 }),
        ),
        ...calmReader(reader, 32),
        CPUUtilization: steps(37, 28, 17),
        DatabaseConnections: moves(120, 168, 17),
        Queries: steps(1900, 240, 17),
        CommitThroughput: steps(390, 11, 17),
        WriteIOPS: steps(780, 60, 17),
        WriteThroughput: steps(16e6, 1.3e6, 17),
        NetworkReceiveThroughput: steps(2.9e6, 0.5e6, 17),
        EngineUptime: (ago) => 9.2 * 3600 - ago * 60,
        DBLoad: steps(1.5, ingest + 7.3, 17),
        DBLoadCPU: steps(1.1, 1, 17),
        DBLoadNonCPU: steps(0.4, ingest + 6.3, 17),
      },
      events: [
        told("metering", 553, "failover", `Completed failover to DB instance: ${id}`, "cluster"),
        told("metering", 554, "failover", `Started cross AZ failover to DB instance: ${id}`, "cluster"),
      ],
      load: loadOf(
        { [queue]: ingest + 5.6, CPU: 1, "wait/io/table/sql/handler": 0.5, "wait/io/redo_log_flush": 0.2 },
        [
          {
            sql: "INSERT INTO `meter_readings` ( `meter_id` , `read_at` , `kwh` ) VALUES (...) /* , ... */",
            waits: { [queue]: ingest },
          },
          {
            sql: "SELECT `read_at` , `kwh` FROM `meter_readings` WHERE `meter_id` = ? AND `read_at` >= ?",
            waits: { [queue]: 4.6 },
          },
          {
            sql: "SELECT `meter_id` , SUM ( `kwh` * `t` . `price` ) FROM `meter_readings` `r` JOIN `tariffs` `t` ON `t` . `hour` = HOUR ( `r` . `read_at` ) GROUP BY `meter_id`",
            waits: { CPU: 0.7, "wait/io/table/sql/handler": 0.3 },
          },
          { sql: "ALTER TABLE `meter_readings` DROP PARTITION `p20260830`", waits: { [queue]: 1 } },
          {
            sql: "SELECT * FROM `customers` WHERE `id` = ?",
            waits: { CPU: 0.3, "wait/io/table/sql/handler": 0.2 },
          },
        ],
        { ingest, portal: 5.1, billing: 1, retention: 1 },
      ),
      alarm: above("DBLoad", 8, [43.1, 45.6, 46.2], 12),
      way: "probe-failed",
    };
  },
});
