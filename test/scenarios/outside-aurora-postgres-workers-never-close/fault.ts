import { calmAurora, calmReader } from "../support/outside/calm.ts";
import { moves } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, clusterOf, instanceOf, loadOf } from "../support/outside/described.ts";
import { firstAnswers } from "../support/outside/first-answers.ts";
import { halfLook, noStatementStatistics, outOfTime } from "../support/outside/postgres-half-look.ts";
import { group, running } from "../support/outside/postgres-half-rows.ts";

const [writer, reader] = ["messaging-0", "messaging-1"];
const database = "messaging";
const gib = 1024 ** 3;
const api = { application: "messaging-api", user: "messaging", client: "10.60.1.4", database };
const aurora = {
  Engine: "aurora-postgresql",
  DBName: database,
  EngineVersion: "14.15",
  DBInstanceClass: "db.r6g.large",
  DBClusterIdentifier: "messaging",
};

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "Since a release a day and a half ago each job of a worker opens a pool of its own and never closes it",
  world: (dice) => {
    const minutes = dice.number(1840, 1890);
    // Four hosts, 41 connections an hour.
    const each = Math.round((minutes / 60) * 10.3);
    return {
      instances: [instanceOf(writer, aurora), instanceOf(reader, aurora)],
      cluster: clusterOf("messaging", [writer, reader], aurora),
      metrics: {
        ...calmAurora({ engine: "postgres", vcpus: 2, memoryGib: 16, connections: 214, cpu: 24, iops: 70 }),
        ...calmReader(reader, 16),
        DatabaseConnections: moves(214, 214 + each * 4, minutes),
        FreeableMemory: moves(5.2 * gib, 1.7 * gib, minutes),
      },
      events: [],
      load: loadOf(
        { CPU: 0.4, "IO:XactSync": 0.1 },
        [
          {
            sql: "SELECT * FROM threads WHERE member_id = $1 ORDER BY id DESC LIMIT $2",
            waits: { CPU: 0.2 },
          },
          {
            sql: "INSERT INTO messages (thread_id, text) VALUES ($1, $2)",
            waits: { CPU: 0.1, "IO:XactSync": 0.1 },
          },
        ],
        { messaging: 0.4, notify: 0.1 },
      ),
      alarm: above("DatabaseConnections", 1400, [1400.4, 1401.1, 1402], 66),
      way: "probe-failed",
      inPart: halfLook({
        answers: {
          ...firstAnswers({
            version: "14.15",
            upDays: 41,
            maxConnections: 1660,
            database,
            groups: [
              ...[21, 22, 27, 31].map((host) =>
                group(
                  {
                    state: "idle",
                    application: "notify-worker",
                    user: "notify",
                    client: `10.60.7.${host}`,
                    database,
                  },
                  each,
                  minutes * 60 - host * 40,
                  { idleOverSession: each - 1, idleOverLeak: each - 2 },
                ),
              ),
              group({ state: "idle", ...api }, 209, 58),
              group({ state: "active", ...api }, 2, 0.01),
            ],
            sessions: [
              running(3_099, 0.01, {
                ...api,
                query: "SELECT * FROM threads WHERE member_id = $1 ORDER BY id DESC LIMIT $2",
              }),
            ],
          }),
          "postgres-top-statements": noStatementStatistics,
          "postgres-top-statements-capacity": noStatementStatistics,
          "postgres-plans": noStatementStatistics,
        },
        rest: outOfTime,
      }),
    };
  },
});
