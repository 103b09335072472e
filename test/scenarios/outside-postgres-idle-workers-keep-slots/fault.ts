import { calmRds, withoutInsights } from "../support/outside/calm.ts";
import { moves, steps } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, instanceOf, nightlyBackup, told } from "../support/outside/described.ts";
import { cutOff, halfLook } from "../support/outside/postgres-half-look.ts";
import { group, nobodyWaits, ownGroup, serverUp } from "../support/outside/postgres-half-rows.ts";
import { errorLog, logged } from "../support/outside/postgres-log.ts";

const id = "newsletter-prod";
const database = "newsletter";
const ofWorkers = { application: "celery", user: "worker", client: "10.30.7.112", database };
const ofSite = { application: "gunicorn", user: "site", client: "10.30.2.14", database };

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "Since yesterday's release a worker keeps a connection for each task; the look gets the last slot and is cut off after three answers",
  world: (dice) => {
    const since = dice.number(1490, 1560);
    const leaked = dice.number(338, 346);
    const others = 400 - leaked;
    const refused = Array.from({ length: 17 }, (_, at) =>
      logged(
        13.2 - at * 0.76,
        {
          host: `10.30.2.${14 + (at % 3)}(${39_100 + at * 23})`,
          user: "site",
          database,
          pid: 27_310 + at * 4,
        },
        'FATAL:  remaining connection slots are reserved for roles with privileges of the "pg_use_reserved_connections" role',
      ),
    );
    return {
      instances: [
        instanceOf(id, {
          Engine: "postgres",
          EngineVersion: "16.6",
          DBInstanceClass: "db.t3.medium",
          AllocatedStorage: 60,
          PerformanceInsightsEnabled: false,
        }),
      ],
      metrics: withoutInsights({
        ...calmRds({
          engine: "postgres",
          vcpus: 2,
          memoryGib: 4,
          freeGib: 31,
          connections: 58,
          cpu: 17,
          iops: 120,
        }),
        // All that can be taken is taken for the last quarter of an hour.
        DatabaseConnections: Object.assign(
          (ago: number) => (ago < 14 ? 401 : Number(moves(58, 400, since)(ago))),
          { rough: 0.002 },
        ),
        FreeableMemory: moves(1.6e9, 0.74e9, since),
        NetworkReceiveThroughput: steps(5e5, 4.4e5, 14),
      }),
      events: [
        told(
          `${id}-params`,
          2870,
          "configuration change",
          "Updated parameter log_connections to 0 with apply method immediate",
          "parameter-group",
        ),
        ...nightlyBackup(id),
      ],
      load: null,
      logs: [errorLog(refused, 0.9)],
      alarm: above("DatabaseConnections", 360, [361, 361, 362], 170),
      way: "probe-failed",
      inPart: halfLook({
        answers: {
          "postgres-server": [serverUp("16.6", 41 * 86_400, 405)],
          "postgres-blocking": [nobodyWaits],
          "postgres-connections": [
            group({ state: "idle", ...ofWorkers }, leaked, 87_400, {
              medianStateSeconds: 41_200,
              idleOverSession: leaked - 2,
              idleOverLeak: leaked - 4,
            }),
            group({ state: "idle", ...ofSite }, others - 7, 19, { medianStateSeconds: 1.4 }),
            group({ state: "active", ...ofSite }, 4, 0.08),
            group({ state: "active", ...ofWorkers }, 2, 1.9),
            ownGroup(database),
          ],
        },
        rest: cutOff,
      }),
    };
  },
});
