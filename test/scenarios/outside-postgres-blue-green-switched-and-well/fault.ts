import { calmRds } from "../support/outside/calm.ts";
import { during } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { ago, below, instanceOf, loadOf, told } from "../support/outside/described.ts";

const id = "orders-pg";

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "Blue and green were switched over half an hour ago: a minute without connections, then the same work as ever",
  world: (dice) => {
    const since = dice.number(27, 33);
    return {
      instances: [
        instanceOf(id, {
          Engine: "postgres",
          EngineVersion: "16.8",
          DBInstanceClass: "db.r6g.xlarge",
          InstanceCreateTime: ago(60 * 26),
          MultiAZ: true,
          DBParameterGroups: [{ DBParameterGroupName: "orders-pg16", ParameterApplyStatus: "in-sync" }],
        }),
      ],
      metrics: {
        ...calmRds({
          engine: "postgres",
          vcpus: 4,
          memoryGib: 32,
          freeGib: 120,
          connections: 130,
          cpu: 38,
          iops: 900,
        }),
        DatabaseConnections: during(since, since - 2, 3, 130),
        CPUUtilization: during(since, since - 2, 6, 38),
      },
      events: [
        told(
          id,
          since - 2,
          "notification",
          "Switchover from DB instance orders-pg to orders-pg-green-8xk2vd completed. Renamed orders-pg to orders-pg-old1 and orders-pg-green-8xk2vd to orders-pg",
        ),
        told(
          id,
          since,
          "notification",
          "Switchover from DB instance orders-pg to orders-pg-green-8xk2vd started",
        ),
        told(id, 620, "backup", "Backing up DB instance"),
        told(id, 611, "backup", "Finished DB Instance backup"),
      ],
      changes: [
        {
          at: ago(since + 1).toISOString(),
          source: "cloudtrail",
          subject: id,
          what: "SwitchoverBlueGreenDeployment",
          by: "dba-oncall",
          detail: "blueGreenDeploymentIdentifier=bgd-4f1qzk7m2x",
          error: null,
        },
      ],
      load: loadOf(
        { CPU: 1.1, "IO:DataFileRead": 0.12, "Client:ClientRead": 0.06, "IO:WALSync": 0.09 },
        [
          { sql: "SELECT * FROM order_items WHERE order_no = $1 AND tenant = $2", waits: { CPU: 0.5 } },
          { sql: "INSERT INTO order_events VALUES ($1, $2, $3)", waits: { CPU: 0.2, "IO:WALSync": 0.08 } },
        ],
        { orders_app: 1.2, etl: 0.1 },
      ),
      alarm: { ...below("DatabaseConnections", 40, [3, 3], since - 2), state: "OK" },
      way: "probe-failed",
    };
  },
});
