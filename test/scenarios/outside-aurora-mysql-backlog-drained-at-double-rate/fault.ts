import { calmAurora, calmReader } from "../support/outside/calm.ts";
import { byHour, even, turns, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, clusterOf, instanceOf, loadOf, told } from "../support/outside/described.ts";

const id = "subscriptions-1";
const reader = "subscriptions-2";
const since = 26;
const described = {
  Engine: "aurora-mysql",
  EngineVersion: "8.0.mysql_aurora.3.07.1",
  DBInstanceClass: "db.r6g.2xlarge",
  DBClusterIdentifier: "subscriptions",
};

const calm = withDays(
  calmAurora({ engine: "mysql", vcpus: 8, memoryGib: 64, connections: 210, cpu: 44, iops: 700 }),
);

/** Twice and a bit of everything that the work of an ordinary hour asks. */
const work = [
  ["SELECT * FROM `subscriptions` WHERE `id` = ?", 2.6, 0.3],
  [
    "SELECT * FROM `plans` JOIN `prices` ON `prices` . `plan_id` = `plans` . `id` WHERE `plans` . `id` = ?",
    2.3,
    0.1,
  ],
  [
    "UPDATE `subscriptions` SET `renewed_until` = ? , `version` = `version` + ? WHERE `id` = ? AND `version` = ?",
    1.7,
    0.5,
  ],
  ["SELECT * FROM `payment_methods` WHERE `customer_id` = ? AND `is_default` = ?", 1.8, 0.1],
  [
    "INSERT INTO `renewals` ( `subscription_id` , `period_start` , `period_end` , `cents` ) VALUES (...)",
    1.3,
    0.5,
  ],
  ["SELECT * FROM `coupons` WHERE `code` = ? AND `expires_at` > ?", 1.2, 0.1],
  ["INSERT INTO `outbox` ( `topic` , `key` , `body` ) VALUES (...)", 1.0, 0.4],
  ["SELECT `customers` . * FROM `customers` WHERE `customers` . `id` = ?", 0.9, 0],
] as const;

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "A payment provider is back and its backlog is worked off by twice the workers: twice the queries of every kind on eight vCPUs",
  world: (dice) => {
    const queries = dice.number(4300, 4500);
    return {
      instances: [instanceOf(id, described), instanceOf(reader, described)],
      cluster: clusterOf("subscriptions", [id, reader], {
        Engine: "aurora-mysql",
        EngineVersion: "8.0.mysql_aurora.3.07.1",
      }),
      metrics: {
        ...calm,
        ...calmReader(reader, 64),
        CPUUtilization: even(turns(byHour(44), since, 96.8)),
        DatabaseConnections: turns(byHour(210), since, 330),
        Queries: turns(byHour(1900), since, queries),
        CommitThroughput: turns(byHour(210), since, 482),
        CommitLatency: turns(byHour(2.4, 0.03), since, 3.7),
        SelectLatency: turns(byHour(0.6, 0.03), since, 1.9),
        DMLLatency: turns(byHour(1.4, 0.03), since, 3.8),
        ReadIOPS: turns(byHour(280), since, 350),
        WriteIOPS: turns(byHour(420), since, 960),
        WriteThroughput: turns(byHour(8.8e6), since, 20e6),
        DiskQueueDepth: turns(byHour(0.84), since, 1.7),
        NetworkReceiveThroughput: turns(byHour(1.9e6), since, 4.4e6),
        NetworkTransmitThroughput: turns(byHour(6.5e6), since, 14.8e6),
        DBLoad: even(turns(byHour(3.5), since, 16.9)),
        DBLoadCPU: even(turns(byHour(2.7), since, 14.5)),
        DBLoadNonCPU: even(turns(byHour(0.8), since, 2.4)),
      },
      events: [
        told(
          "subscriptions-params",
          402,
          "configuration change",
          "Updated parameter slow_query_log to 1 with apply method immediate",
          "parameter-group",
        ),
      ],
      load: loadOf(
        { CPU: 14.5, "io/aurora_redo_log_flush": 1.6, "wait/io/table/sql/handler": 0.8 },
        work.map(([sql, onCpu, waiting]) => ({
          sql,
          waits: {
            CPU: onCpu,
            ...(waiting > 0.2
              ? { "io/aurora_redo_log_flush": waiting }
              : waiting > 0
                ? { "wait/io/table/sql/handler": waiting }
                : {}),
          },
        })),
        { renewals_worker: 12.7, subscriptions_api: 4.2 },
      ),
      alarm: above("CPUUtilization", 85, [96.1, 96.9, 97.2], 22),
      way: "probe-failed",
    };
  },
});
