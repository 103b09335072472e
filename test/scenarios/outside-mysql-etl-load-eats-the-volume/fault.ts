import { calmRds } from "../support/outside/calm.ts";
import { moves, steps, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, below, instanceOf, loadOf, nightlyBackup } from "../support/outside/described.ts";

const gib = 1024 ** 3;
const id = "analytics-mysql";
const binlog = "wait/io/file/sql/binlog";
const redo = "wait/io/file/innodb/innodb_log_file";

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "A job loads raw events: the volume is full in half an hour, and the binlog of the load is a third of what grows",
  world: (dice) => {
    const left = dice.number(39, 43);
    const load = { CPU: 1.7, [binlog]: 0.8, [redo]: 0.6, "wait/io/table/sql/handler": 0.4 };
    return {
      instances: [
        instanceOf(id, {
          Engine: "mysql",
          EngineVersion: "8.0.42",
          DBInstanceClass: "db.m6i.2xlarge",
          MultiAZ: true,
          AllocatedStorage: 1000,
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
            connections: 96,
            cpu: 31,
            iops: 640,
          }),
        ),
        FreeStorageSpace: moves((left + 82.4) * gib, left * gib, 61),
        BinLogDiskUsage: moves(2.9 * gib, 28.5 * gib, 61),
        CPUUtilization: steps(31, 52, 61),
        WriteIOPS: steps(390, 2300, 61),
        WriteThroughput: steps(8.1e6, 57e6, 61),
        WriteLatency: steps(0.0014, 0.0016, 61),
        DiskQueueDepth: steps(0.8, 3.9, 61),
        NetworkReceiveThroughput: steps(0.9e6, 19e6, 61),
        DBLoad: steps(2.4, 5.4, 61),
        DBLoadCPU: steps(1.8, 3.3, 61),
        DBLoadNonCPU: steps(0.6, 2.1, 61),
      },
      events: nightlyBackup(id),
      load: loadOf(
        {
          CPU: 3.3,
          [binlog]: 0.8,
          [redo]: 0.6,
          "wait/io/table/sql/handler": 0.5,
          "wait/io/socket/sql/client_connection": 0.2,
        },
        [
          {
            sql: "INSERT INTO `events_raw` ( `tenant_id` , `received_at` , `kind` , `payload` ) VALUES (...) /* , ... */",
            waits: load,
          },
          {
            sql: "SELECT `day` , `kind` , SUM ( `events` ) FROM `events_daily` WHERE `tenant_id` = ? AND `day` BETWEEN ? AND ? GROUP BY `day` , `kind`",
            waits: { CPU: 1.1, "wait/io/table/sql/handler": 0.1 },
          },
          { sql: "SELECT * FROM `dashboards` WHERE `owner_id` = ?", waits: { CPU: 0.3 } },
        ],
        { glue_loader: 3.6, bi_api: 1.8 },
      ),
      alarm: below("FreeStorageSpace", 107_374_182_400, [106_944_712_704, 105_495_150_592], 42, "Minimum"),
      alsoAlarms: [above("WriteIOPS", 2000, [2291, 2310, 2275], 55)],
      way: "probe-failed",
    };
  },
});
