import { calmRds } from "../support/outside/calm.ts";
import { usual, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, ago, instanceOf, loadOf, told } from "../support/outside/described.ts";
import { firstAnswers } from "../support/outside/first-answers.ts";
import { halfLook, outOfTime } from "../support/outside/postgres-half-look.ts";
import { group, running } from "../support/outside/postgres-half-rows.ts";

const id = "portal-pg";
const timeline =
  "SELECT e.*, u.name FROM events e JOIN users u ON u.id = e.user_id WHERE e.project_id = $1 AND e.kind = ANY($2) ORDER BY e.created_at DESC LIMIT 50";
const tasks =
  "SELECT t.* FROM tasks t JOIN memberships m ON m.project_id = t.project_id WHERE m.user_id = $1 AND t.done_at IS NULL ORDER BY t.due_on";

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "Upgraded from 13 to 16 three hours ago and never analyzed: the planner knows nothing of the tables, all the usual statements run bad plans, the CPU is full",
  world: (dice) => {
    const back = dice.number(168, 176);
    const before = withDays(
      calmRds({
        engine: "postgres",
        vcpus: 8,
        memoryGib: 64,
        freeGib: 410,
        connections: 188,
        cpu: 36,
        iops: 1400,
      }),
    );
    const after = (calm: string, now: number) => (minutes: number) => {
      if (minutes > back + 24) return (before[calm] ?? usual(now))(minutes);
      return minutes > back ? null : now;
    };
    const app = { application: "portal", user: "portal", client: "10.4.18.23", database: "portal" };
    return {
      instances: [
        instanceOf(id, {
          Engine: "postgres",
          EngineVersion: "16.8",
          DBInstanceClass: "db.r6g.2xlarge",
          AllocatedStorage: 800,
          Iops: 12_000,
          StorageThroughput: 500,
          MultiAZ: true,
          DBParameterGroups: [{ DBParameterGroupName: "portal-pg16", ParameterApplyStatus: "in-sync" }],
        }),
      ],
      metrics: {
        ...before,
        CPUUtilization: after("CPUUtilization", 97.8),
        DatabaseConnections: after("DatabaseConnections", 241),
        ReadIOPS: after("ReadIOPS", 3900),
        ReadThroughput: after("ReadThroughput", 118e6),
        DBLoad: after("DBLoad", 44.1),
        DBLoadCPU: after("DBLoadCPU", 36.9),
        DBLoadNonCPU: after("DBLoadNonCPU", 7.2),
      },
      events: [
        told(id, back - 21, "backup", "Finished DB Instance backup"),
        told(id, back - 4, "backup", "Backing up DB instance"),
        told(id, back, "maintenance", "Database instance patched"),
        told(id, back + 1, "availability", "DB instance restarted"),
        told(id, back + 3, "configuration change", "Updated to use DBParameterGroup portal-pg16"),
        told(id, back + 24, "availability", "DB instance shutdown"),
        told(id, back + 37, "backup", "Finished DB Instance backup"),
        told(id, back + 43, "backup", "Backing up DB instance"),
      ],
      load: loadOf(
        { CPU: 36.9, "IO:DataFileRead": 6.4, "LWLock:BufferMapping": 0.8 },
        [
          { sql: timeline, waits: { CPU: 15.8, "IO:DataFileRead": 3.6 } },
          { sql: tasks, waits: { CPU: 12.2, "IO:DataFileRead": 1.9, "LWLock:BufferMapping": 0.5 } },
          {
            sql: "SELECT count(*) FROM notifications n WHERE n.user_id = $1 AND n.read_at IS NULL",
            waits: { CPU: 5.1, "IO:DataFileRead": 0.6 },
          },
          {
            sql: "SELECT p.* FROM projects p JOIN memberships m ON m.project_id = p.id WHERE m.user_id = $1",
            waits: { CPU: 3.4 },
          },
        ],
        { portal: 41.8, portal_jobs: 2.3 },
      ),
      changes: [
        {
          at: ago(back + 47).toISOString(),
          source: "cloudtrail",
          subject: id,
          what: "ModifyDBInstance",
          by: "dba.keller",
          detail: `dBInstanceIdentifier=${id}, engineVersion=16.8, allowMajorVersionUpgrade=true, dBParameterGroupName=portal-pg16, applyImmediately=true`,
          error: null,
          before: { engineVersion: "13.18" },
        },
      ],
      alarm: above("CPUUtilization", 90, [97.1, 98.3, 97.6], 31),
      way: "probe-failed",
      inPart: halfLook({
        answers: firstAnswers({
          version: "16.8",
          upDays: back / 1440,
          maxConnections: 5000,
          database: "portal",
          groups: [group({ state: "active", ...app }, 44, 9.4), group({ state: "idle", ...app }, 196, 41)],
          sessions: Array.from({ length: 40 }, (_, index) =>
            running(2_100 + index, 0.4 + (index % 12) * 0.8, {
              user: "portal",
              application: "portal",
              client: "10.4.18.23",
              database: "portal",
              waitEvent: index % 7 === 0 ? "IO/DataFileRead" : null,
              query: index % 2 === 0 ? timeline : tasks,
            }),
          ),
        }),
        rest: outOfTime,
      }),
    };
  },
});
