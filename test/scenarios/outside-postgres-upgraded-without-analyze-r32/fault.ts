import { calmRds } from "../support/outside/calm.ts";
import { steps, turns, usual, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, ago, instanceOf, loadOf, told } from "../support/outside/described.ts";
import { errorLog, logged } from "../support/outside/postgres-log.ts";

const id = "hr-prod";
const heavy = [
  "SELECT e.* FROM employees e JOIN contracts c ON c.employee_id = e.id WHERE c.company_id = $1 AND c.valid_to IS NULL",
  "SELECT t.day, sum(t.minutes) FROM timesheets t WHERE t.employee_id = $1 AND t.day >= $2 GROUP BY t.day",
  "SELECT a.* FROM absences a JOIN employees e ON e.id = a.employee_id WHERE e.team_id = $1 AND a.starts_on <= $2",
  "SELECT p.* FROM payslips p WHERE p.employee_id = $1 ORDER BY p.month DESC LIMIT $2",
];

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "Upgraded from 13 to 16 in the night, and nobody ran ANALYZE: without statistics the planner scans, and since the offices opened CPU is full",
  world: (dice) => {
    const since = dice.number(64, 72);
    const upgrade = since + 330;
    const calm = withDays(
      calmRds({
        engine: "postgres",
        vcpus: 4,
        memoryGib: 16,
        freeGib: 190,
        connections: 120,
        cpu: 34,
        iops: 520,
      }),
    );
    const night = (minutes: number) => minutes < 720 && minutes > since;
    return {
      instances: [
        instanceOf(id, {
          Engine: "postgres",
          EngineVersion: "16.4",
          DBInstanceClass: "db.m5.xlarge",
          AllocatedStorage: 400,
          Iops: 12_000,
          StorageThroughput: 500,
          DBParameterGroups: [{ DBParameterGroupName: "hr-pg16", ParameterApplyStatus: "in-sync" }],
        }),
      ],
      metrics: {
        ...calm,
        CPUUtilization: (minutes) => (night(minutes) ? 12 : turns(usual(34), since, 98.1)(minutes)),
        DatabaseConnections: (minutes) => (night(minutes) ? 41 : turns(usual(120), since, 188)(minutes)),
        ReadIOPS: (minutes) => (night(minutes) ? 60 : turns(usual(210), since, 1460)(minutes)),
        ReadThroughput: (minutes) => (night(minutes) ? 1.1e6 : turns(usual(3.8e6), since, 118e6)(minutes)),
        DBLoad: (minutes) => (night(minutes) ? 0.4 : steps(1.4, 21.2, since)(minutes)),
        DBLoadCPU: (minutes) => (night(minutes) ? 0.3 : steps(1, 17.8, since)(minutes)),
        DBLoadNonCPU: (minutes) => (night(minutes) ? 0.1 : steps(0.3, 3.4, since)(minutes)),
      },
      events: [
        told(id, upgrade - 24, "backup", "Finished DB Instance backup"),
        told(id, upgrade - 16, "backup", "Backing up DB instance"),
        told(id, upgrade - 15, "maintenance", "The engine version upgrade finished on DB instance hr-prod."),
        told(id, upgrade - 14, "availability", "DB instance restarted"),
        told(id, upgrade - 13, "configuration change", "Updated to use DBParameterGroup hr-pg16"),
        told(id, upgrade - 3, "availability", "DB instance shutdown"),
        told(id, upgrade, "maintenance", "The engine version upgrade started on DB instance hr-prod."),
        told(id, upgrade + 3, "backup", "Finished DB Instance backup"),
        told(id, upgrade + 9, "backup", "Backing up DB instance"),
      ],
      load: loadOf(
        { CPU: 17.8, "IO:DataFileRead": 2.7, "IPC:BgWorkerStartup": 0.2, "LWLock:BufferMapping": 0.4 },
        heavy.map((sql, index) => ({
          sql,
          waits: { CPU: 5.4 - index * 0.8, "IO:DataFileRead": 0.9 - index * 0.2 },
        })),
        { hr_web: 19.6, hr_jobs: 1.5 },
      ),
      logs: [
        errorLog(
          heavy
            .flatMap((sql, index) =>
              [14, 9, 4].map((minutes) =>
                logged(
                  minutes - index * 0.4,
                  {
                    host: `10.9.3.${14 + index}(${44_100 + index})`,
                    user: "hr_web",
                    database: "hr",
                    pid: 6_110 + index * 7,
                  },
                  `LOG:  duration: ${11_204 + index * 1911 + minutes * 13}.402 ms  execute <unnamed>: ${sql}`,
                ),
              ),
            )
            .toSorted(),
          2,
        ),
      ],
      changes: [
        {
          at: ago(upgrade + 10).toISOString(),
          source: "cloudtrail",
          subject: id,
          what: "ModifyDBInstance",
          by: "ops-admin",
          detail:
            "EngineVersion=16.4, AllowMajorVersionUpgrade=true, DBParameterGroupName=hr-pg16, ApplyImmediately=true",
          error: null,
          before: { EngineVersion: "13.15" },
        },
      ],
      alarm: above("CPUUtilization", 85, [97.8, 98.3, 98], since - 5),
      way: "probe-failed",
    };
  },
});
