import { calmRds } from "../support/outside/calm.ts";
import { during } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { instanceOf, loadOf, nightlyBackup, told } from "../support/outside/described.ts";

const id = "payroll-pg";

export const scenario = defineOutside({
  engine: "postgres",
  title: "The master's password was rotated half an hour ago; pools signed in again, and all is as before",
  world: (dice) => {
    const minutes = dice.number(28, 40);
    return {
      instances: [
        instanceOf(id, {
          Engine: "postgres",
          EngineVersion: "16.6",
          DBInstanceClass: "db.m6g.large",
          MultiAZ: true,
        }),
      ],
      metrics: {
        ...calmRds({
          engine: "postgres",
          vcpus: 2,
          memoryGib: 8,
          freeGib: 118,
          connections: 121,
          cpu: 29,
          iops: 330,
        }),
        DatabaseConnections: during(minutes - 1, minutes - 5, 82, 121),
        CPUUtilization: during(minutes - 1, minutes - 4, 34, 29),
      },
      events: [
        ...nightlyBackup(id),
        told(id, minutes + 1, "configuration change", "Reset master credentials"),
      ],
      load: loadOf(
        { CPU: 0.45, "IO:DataFileRead": 0.08, "LWLock:WALWrite": 0.05, "Client:ClientRead": 0.02 },
        [
          {
            sql: "SELECT * FROM payslip WHERE employee_id = $1 ORDER BY month DESC LIMIT $2",
            waits: { CPU: 0.2 },
          },
          {
            sql: "INSERT INTO clocking (employee_id, at) VALUES ($1, $2)",
            waits: { CPU: 0.1, "LWLock:WALWrite": 0.05 },
          },
        ],
        { payroll: 0.55, reports: 0.05 },
      ),
      way: "probe-failed",
    };
  },
});
