import { calmAurora, calmReader } from "../support/outside/calm.ts";
import { even, steps, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, clusterOf, instanceOf, loadOf, told } from "../support/outside/described.ts";

const id = "listing-1";
const reader = "listing-2";
const engine = { Engine: "aurora-mysql", EngineVersion: "8.0.mysql_aurora.3.08.1" } as const;
const handler = "wait/io/table/sql/handler";

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "The cache in front of it is gone: six times the statements, all of them cheap, and every core is busy",
  world: (dice) => {
    const queries = dice.number(23_100, 23_900);
    return {
      instances: [id, reader].map((name) =>
        instanceOf(name, { ...engine, DBInstanceClass: "db.r6g.2xlarge", DBClusterIdentifier: "listing" }),
      ),
      cluster: clusterOf("listing", [id, reader], engine),
      metrics: {
        ...withDays(
          calmAurora({
            engine: "mysql",
            vcpus: 8,
            memoryGib: 64,
            connections: 310,
            cpu: 34,
            iops: 900,
          }),
        ),
        ...calmReader(reader, 64),
        CPUUtilization: even(steps(34, 99, 18)),
        DatabaseConnections: steps(310, 1480, 17),
        Queries: steps(4100, queries, 18),
        SelectLatency: steps(0.4, 1.8, 18),
        DMLLatency: steps(1.4, 3.1, 18),
        NetworkReceiveThroughput: steps(3.4e6, 18.2e6, 18),
        NetworkTransmitThroughput: steps(28e6, 158e6, 18),
        DBLoad: steps(3.3, 42.6, 18),
        DBLoadCPU: steps(2.6, 33.9, 18),
        DBLoadNonCPU: steps(0.7, 8.7, 18),
      },
      events: [
        told(
          id,
          340,
          "configuration change",
          "Updated parameter slow_query_log to 1 with apply method immediate",
        ),
      ],
      load: loadOf(
        {
          CPU: 33.9,
          [handler]: 6.6,
          "wait/synch/mutex/innodb/buf_pool_mutex": 1.3,
          "wait/io/socket/sql/client_connection": 0.8,
        },
        [
          { sql: "SELECT * FROM `listings` WHERE `id` = ?", waits: { CPU: 6.1, [handler]: 1.3 } },
          {
            sql: "SELECT `name` , `value` FROM `listing_attributes` WHERE `listing_id` = ?",
            waits: { CPU: 5.4, [handler]: 1.1 },
          },
          {
            sql: "SELECT `id` , `rating` , `city` FROM `sellers` WHERE `id` = ?",
            waits: { CPU: 5, [handler]: 0.9 },
          },
          {
            sql: "SELECT `url` , `position` FROM `photos` WHERE `listing_id` = ? ORDER BY `position`",
            waits: { CPU: 4.6, [handler]: 0.9 },
          },
          {
            sql: "SELECT `key` , `enabled` FROM `feature_flags` WHERE `scope` = ?",
            waits: { CPU: 3.9, [handler]: 0.6 },
          },
          { sql: "SELECT * FROM `categories` WHERE `id` IN (...)", waits: { CPU: 3.3, [handler]: 0.6 } },
          { sql: "SELECT * FROM `sessions` WHERE `token` = ?", waits: { CPU: 2.9, [handler]: 0.5 } },
          {
            sql: "SELECT COUNT ( * ) FROM `favourites` WHERE `listing_id` = ?",
            waits: { CPU: 1.9, [handler]: 0.5 },
          },
        ],
        { web: 31.4, mobile_api: 10.1, jobs: 1.1 },
      ),
      alarm: above("CPUUtilization", 90, [98.9, 99.1, 98.8], 14),
      alsoAlarms: [
        above("DatabaseConnections", 1200, [1462, 1478, 1481], 13, "Maximum"),
        above("DBLoad", 16, [41.7, 42.9, 42.2], 13),
      ],
      way: "probe-failed",
    };
  },
});
