import { calmAurora } from "../support/outside/calm.ts";
import { during, turns, usual, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { below, clusterOf, instanceOf, loadOf, told } from "../support/outside/described.ts";
import { errorLog, logged } from "../support/outside/postgres-log.ts";
import { everySoOften } from "../support/outside/refusals.ts";

const [old, now] = ["orders-db-1", "orders-db-2"];
const like = {
  Engine: "aurora-postgresql",
  EngineVersion: "15.8",
  DBInstanceClass: "db.r6g.xlarge",
  DBClusterIdentifier: "orders-db",
};

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "Aurora failed over 24 minutes ago; orders_api keeps the address of the old writer, which is a reader now, and every INSERT is refused there",
  world: (dice) => {
    const since = dice.number(23, 26);
    const days = withDays(
      calmAurora({ engine: "postgres", vcpus: 4, memoryGib: 32, connections: 164, cpu: 29, iops: 540 }),
    );
    return {
      instances: [instanceOf(old, like), instanceOf(now, { ...like, AvailabilityZone: "eu-central-1a" })],
      cluster: clusterOf("orders-db", [now, old], {
        Engine: "aurora-postgresql",
        EngineVersion: "15.8",
      }),
      metrics: {
        ...days,
        CPUUtilization: turns(usual(29), since, 14),
        DatabaseConnections: during(since, since - 2, 3, 164),
        CommitThroughput: turns(usual(212), since, 9),
        WriteIOPS: turns(usual(324), since, 0),
        WriteThroughput: turns(usual(6.8e6), since, 0),
        DBLoad: turns(usual(1.2), since, 0.5),
        DBLoadCPU: turns(usual(0.9), since, 0.4),
        EngineUptime: (at) => (at > since - 1 ? 96 * 86_400 - at * 60 : (since - 1 - at) * 60),
        AuroraReplicaLag: (at) => (at > since - 1 ? null : 17),
        [`${now}/CPUUtilization`]: turns(usual(11), since, 8),
        [`${now}/DatabaseConnections`]: turns(usual(34), since, 39),
        [`${now}/CommitThroughput`]: (at) => (at > since ? 0 : 16),
        [`${now}/FreeableMemory`]: usual(9.4e9),
        [`${now}/DBLoad`]: usual(0.4),
        [`${now}/AuroraReplicaLag`]: (at) => (at > since ? 19 : null),
      },
      events: [
        told(
          "orders-db",
          since,
          "failover",
          "Started cross AZ failover to DB instance: orders-db-2",
          "cluster",
        ),
        told("orders-db", since - 1, "failover", "Completed failover to DB instance: orders-db-2", "cluster"),
        told(old, since - 1, "availability", "DB instance restarted"),
        told(now, since - 1, "availability", "DB instance restarted"),
      ],
      logs: [
        errorLog(
          [
            logged(
              since - 0.8,
              { pid: 388 },
              "LOG:  database system is ready to accept read-only connections",
            ),
            ...everySoOften(
              { from: since - 2, to: 1, apart: 0.4 },
              { host: "10.4.18.23", user: "orders_api", database: "orders" },
              [
                "ERROR:  cannot execute INSERT in a read-only transaction",
                "STATEMENT:  INSERT INTO orders (customer_id, basket_id, total_cents, placed_at) VALUES ($1, $2, $3, now()) RETURNING id",
              ],
            ),
          ],
          1,
        ),
      ],
      load: loadOf(
        { CPU: 0.4, "Client:ClientRead": 0.1 },
        [
          { sql: "SELECT * FROM baskets WHERE id = $1", waits: { CPU: 0.2 } },
          {
            sql: "SELECT * FROM orders WHERE customer_id = $1 ORDER BY placed_at DESC LIMIT $2",
            waits: { CPU: 0.2 },
          },
        ],
        { orders_api: 0.5 },
      ),
      alarm: below("CommitThroughput", 60, [8.7, 9.4, 9.1], since - 6),
      way: "probe-failed",
    };
  },
});
