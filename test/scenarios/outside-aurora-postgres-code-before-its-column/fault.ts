import { calmAurora, calmReader } from "../support/outside/calm.ts";
import { steps, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { clusterOf, instanceOf, loadOf } from "../support/outside/described.ts";
import { firstAnswers } from "../support/outside/first-answers.ts";
import { cutOff, halfLook } from "../support/outside/postgres-half-look.ts";
import { group, ratesOf, running } from "../support/outside/postgres-half-rows.ts";
import { errorLog } from "../support/outside/postgres-log.ts";
import { everySoOften } from "../support/outside/refusals.ts";

const writer = "members-0";
const reader = "members-1";
const database = "members";
const shape = {
  DBClusterIdentifier: "members",
  Engine: "aurora-postgresql",
  EngineVersion: "15.8",
  DBInstanceClass: "db.r6g.large",
};
const app = { application: "members-api", user: "members", client: "10.12.6.55", database };
const asked = "SELECT m.id, m.email, m.loyalty_tier FROM members m WHERE m.id = $1";

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "A release asks for a column that its migration has not made yet: each sign-in fails; the look is cut off midway",
  world: (dice) => {
    const idle = dice.number(60, 66);
    const calm = withDays(
      calmAurora({ engine: "postgres", vcpus: 2, memoryGib: 16, connections: idle + 6, cpu: 24, iops: 310 }),
    );
    return {
      instances: [instanceOf(writer, shape), instanceOf(reader, shape)],
      cluster: clusterOf("members", [writer, reader], { Engine: "aurora-postgresql" }),
      metrics: { ...calm, ...calmReader(reader, 16), CommitThroughput: steps(210, 148, 19) },
      events: [],
      load: loadOf(
        { CPU: 0.4, "IO:XactSync": 0.2 },
        [
          { sql: "SELECT * FROM rewards WHERE member_id = ?", waits: { CPU: 0.2 } },
          { sql: "COMMIT", waits: { "IO:XactSync": 0.2 } },
        ],
        { members: 0.6 },
      ),
      logs: [
        errorLog(
          everySoOften(
            { from: 4.2, to: 1.05, apart: 0.0125 },
            { host: "10.12.6.55", user: "members", database },
            [
              "ERROR:  column m.loyalty_tier does not exist at character 23",
              'HINT:  Perhaps you meant to reference the column "m.loyalty_card".',
              `STATEMENT:  ${asked}`,
            ],
          ),
          1,
        ),
      ],
      way: "probe-failed",
      inPart: halfLook({
        answers: {
          ...firstAnswers({
            version: "15.8",
            upDays: 29,
            maxConnections: 1600,
            database,
            groups: [group({ state: "idle", ...app }, idle, 44), group({ state: "active", ...app }, 2, 0.01)],
            sessions: [running(7741, 0.01, { ...app, query: "SELECT * FROM rewards WHERE member_id = ?" })],
          }),
          "postgres-oldest-xmin": [],
          "postgres-database-rates": [{ ...ratesOf(database, idle + 2, 148), rollbacksPerSecond: 1.9 }],
          "postgres-failing-statements": [
            {
              user: "members",
              database,
              applications: ["members-api"],
              query: asked,
              sessions: 17,
              failedAt: "parsing",
            },
          ],
        },
        rest: cutOff,
      }),
    };
  },
});
