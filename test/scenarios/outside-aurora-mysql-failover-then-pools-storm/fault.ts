import { calmAurora, calmReader } from "../support/outside/calm.ts";
import { moves, steps } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, clusterOf, instanceOf, loadOf, told } from "../support/outside/described.ts";
import { slotRefused } from "../support/outside/late-mysql-more.ts";
import { jumps } from "../support/outside/server-stopped.ts";

const writer = "orders-b";
const former = "orders-a";
const since = 12;
const of = {
  Engine: "aurora-mysql",
  EngineVersion: "8.0.mysql_aurora.3.07.1",
  DBInstanceClass: "db.r6g.xlarge",
  DBClusterIdentifier: "orders",
};

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "Two hundred pods open their pools anew on a writer that has just taken over: 2,000 connections, and no slot left",
  world: (dice) => {
    const attempts = dice.number(5200, 5600);
    return {
      instances: [instanceOf(writer, of), instanceOf(former, { ...of, AvailabilityZone: "eu-central-1a" })],
      cluster: clusterOf("orders", [writer, former], {
        Engine: "aurora-mysql",
        EngineVersion: of.EngineVersion,
      }),
      metrics: {
        ...calmAurora({ engine: "mysql", vcpus: 4, memoryGib: 32, connections: 74, cpu: 9, iops: 300 }),
        ...calmReader(former, 32),
        // As a reader it had none of the writes, and a pool of one service.
        DatabaseConnections: jumps(74, since - 1, 2000),
        ConnectionAttempts: steps(31, attempts, since),
        CPUUtilization: steps(9, 95, since),
        DBLoad: steps(0.5, 31, since),
        DBLoadCPU: steps(0.4, 25.5, since),
        DBLoadNonCPU: steps(0.1, 5.5, since),
        FreeableMemory: moves(7.1 * 1024 ** 3, 2.6 * 1024 ** 3, since),
        EngineUptime: (ago) => (ago > since ? 41 * 86_400 - ago * 60 : (since - ago) * 60),
        ReadIOPS: steps(60, 210, since),
        WriteIOPS: steps(3, 340, since),
        WriteThroughput: steps(50e3, 7.4e6, since),
        NetworkReceiveThroughput: steps(0.6e6, 9.8e6, since),
        NetworkTransmitThroughput: steps(2.2e6, 26e6, since),
        CommitThroughput: steps(0.2, 176, since),
        CommitLatency: steps(2.2, 6.9, since),
        Queries: steps(410, 2650, since),
        BufferCacheHitRatio: steps(99.7, 98.9, since),
        LoginFailures: steps(0, 0.4, since),
        AbortedClients: steps(0.4, 18, since),
        [`${former}/CPUUtilization`]: steps(38, 6, since),
        [`${former}/DatabaseConnections`]: steps(820, 41, since),
      },
      events: [
        told("orders", since, "failover", `Completed failover to DB instance: ${writer}`, "cluster"),
        told(former, since + 0.2, "availability", "DB instance restarted"),
        told(writer, since + 0.3, "availability", "DB instance restarted"),
        told(
          "orders",
          since + 0.8,
          "failover",
          `Started cross AZ failover to DB instance: ${writer}`,
          "cluster",
        ),
      ],
      load: loadOf(
        {
          CPU: 20.4,
          "synch/mutex/sql/LOCK_connection_count": 1.5,
          "io/aurora_redo_log_flush": 1,
          "synch/mutex/sql/LOCK_thd_list": 1.1,
          "io/table/sql/handler": 0.9,
        },
        [
          { sql: "SET NAMES `utf8mb4` , `autocommit` = ? , `sql_mode` = ?", waits: { CPU: 5.1 } },
          {
            sql: "SELECT @@SESSION . `transaction_isolation` , @@SESSION . `auto_increment_increment` , @@`max_allowed_packet`",
            waits: { CPU: 4.4 },
          },
          { sql: "SELECT * FROM `orders` WHERE `id` = ?", waits: { CPU: 2.2, "io/table/sql/handler": 0.4 } },
          {
            sql: "INSERT INTO `order_lines` VALUES (...)",
            waits: { CPU: 0.9, "io/aurora_redo_log_flush": 0.8 },
          },
        ],
        { orders_svc: 19.8, cart_svc: 5 },
      ),
      alarm: above("DatabaseConnections", 1600, [1987, 2000, 2000], 8, "Maximum"),
      alsoAlarms: [above("CPUUtilization", 85, [94.1, 95.6, 95.2], 8)],
      way: "refused",
      inPart: slotRefused,
    };
  },
});
