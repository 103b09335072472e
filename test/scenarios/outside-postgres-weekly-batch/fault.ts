import { calmRds } from "../support/outside/calm.ts";
import type { Curve } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { instanceOf, loadOf, nightlyBackup } from "../support/outside/described.ts";

const id = "payroll-db";
const weekMinutes = 7 * 1440;

/** Every week at this hour, since 50 minutes; not on the days between. */
function weekly(calm: number, busy: number): Curve {
  return (ago) => (ago % weekMinutes <= 50 || ago % weekMinutes >= weekMinutes - 60 ? busy : calm);
}

export const scenario = defineOutside({
  engine: "postgres",
  title: "The weekly payroll run: busy as in this hour a week ago and not as yesterday, nobody waits for it",
  world: (dice) => {
    const cpu = dice.number(68, 74);
    return {
      instances: [
        instanceOf(id, { Engine: "postgres", EngineVersion: "17.4", DBInstanceClass: "db.r6g.xlarge" }),
      ],
      metrics: {
        ...calmRds({
          engine: "postgres",
          vcpus: 4,
          memoryGib: 32,
          freeGib: 92,
          connections: 48,
          cpu: 22,
          iops: 350,
        }),
        CPUUtilization: weekly(22, cpu),
        ReadIOPS: weekly(140, 1390),
        WriteIOPS: weekly(210, 870),
        ReadThroughput: weekly(2.5e6, 46e6),
        WriteThroughput: weekly(4.4e6, 28e6),
        DatabaseConnections: weekly(48, 61),
        DBLoad: weekly(0.9, 3.3),
        DBLoadCPU: weekly(0.7, 2.6),
        DBLoadNonCPU: weekly(0.2, 0.7),
      },
      events: nightlyBackup(id),
      load: loadOf(
        { CPU: 2.6, "IO:DataFileRead": 0.5, "IO:WALSync": 0.1 },
        [
          {
            sql: "INSERT INTO payslips ( employee_id, period, gross, net ) SELECT e.id, ?, sum(h.hours * e.rate), ? FROM employees e JOIN hours h ON h.employee_id = e.id GROUP BY e.id",
            waits: { CPU: 1.7, "IO:DataFileRead": 0.4 },
          },
          { sql: "SELECT id, name FROM employees WHERE team_id = ?", waits: { CPU: 0.3 } },
        ],
        { payroll: 2.2, web: 0.9 },
      ),
      way: "probe-failed",
    };
  },
});
