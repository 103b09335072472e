import { calmAurora, calmReader } from "../support/outside/calm.ts";
import { moves } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { below, clusterOf, instanceOf, loadOf } from "../support/outside/described.ts";
import { errorLog, logged } from "../support/outside/postgres-log.ts";

const ids = ["orders-1", "orders-2"] as const;
const of = {
  Engine: "aurora-postgresql",
  EngineVersion: "16.6",
  DBInstanceClass: "db.r6g.xlarge",
  DBClusterIdentifier: "orders",
};

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "A role lost rds-db:connect: each token of the application is refused, and its pools run dry as connections age",
  world: (dice) => {
    const since = dice.number(23, 28);
    const refusals = Array.from({ length: 36 }, (_, at) => ({
      minutes: since - 1 - (at * (since - 2.2)) / 36,
      client: {
        host: `10.44.${3 + (at % 5)}.${20 + at * 3}(${42_200 + at * 19})`,
        user: "orders_app",
        database: "orders",
        pid: 14_020 + at * 11,
      },
    }));
    return {
      instances: ids.map((id) => instanceOf(id, of)),
      cluster: clusterOf("orders", ids, { Engine: "aurora-postgresql", EngineVersion: "16.6" }),
      metrics: {
        ...calmAurora({ engine: "postgres", vcpus: 4, memoryGib: 32, connections: 186, cpu: 38, iops: 260 }),
        ...calmReader(ids[1], 32),
        DatabaseConnections: moves(186, 33, since),
        CPUUtilization: moves(38, 12, since),
        WriteIOPS: moves(156, 40, since),
        CommitThroughput: moves(210, 41, since),
        NetworkReceiveThroughput: moves(1.7e6, 0.4e6, since),
        NetworkTransmitThroughput: moves(5.8e6, 1.1e6, since),
        DBLoad: moves(1.5, 0.4, since),
        DBLoadCPU: moves(1.2, 0.3, since),
        DBLoadNonCPU: moves(0.3, 0.1, since),
      },
      events: [],
      load: loadOf(
        { CPU: 0.5, "IO:XactSync": 0.1 },
        [
          { sql: "SELECT o.* FROM orders o WHERE o.id = ?", waits: { CPU: 0.2 } },
          {
            sql: "UPDATE orders SET state = ? WHERE id = ?",
            waits: { CPU: 0.1, "IO:XactSync": 0.1 },
          },
        ],
        { orders_app: 0.4, orders_export: 0.2 },
      ),
      logs: [
        errorLog(
          refusals.flatMap(({ minutes, client }) => [
            logged(minutes, client, "LOG:  pam_authenticate failed: Permission denied"),
            logged(minutes, client, 'FATAL:  PAM authentication failed for user "orders_app"'),
            logged(
              minutes,
              client,
              'DETAIL:  Connection matched pg_hba.conf line 13: "hostssl all +rds_iam all pam"',
            ),
          ]),
          1.2,
        ),
      ],
      alarm: below("DatabaseConnections", 60, [58, 51, 46], 2, "Maximum"),
      way: "probe-failed",
    };
  },
});
