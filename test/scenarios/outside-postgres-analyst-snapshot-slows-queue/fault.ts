import { calmRds } from "../support/outside/calm.ts";
import { moves } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, ago, instanceOf, loadOf, nightlyBackup } from "../support/outside/described.ts";
import { firstAnswers } from "../support/outside/first-answers.ts";
import {
  halfLook,
  noStatementStatistics,
  outOfTime,
  timedOut,
} from "../support/outside/postgres-half-look.ts";
import { group, running } from "../support/outside/postgres-half-rows.ts";

const id = "notify-db";
const database = "notify";
const worker = { application: "outbox-worker", user: "outbox", client: "10.3.40.8", database };
const analyst = {
  application: "DBeaver 24.1.0 - SQLEditor <Script-3.sql>",
  user: "m.keller",
  client: "10.200.1.17",
  database,
};
const poll =
  "SELECT id, payload FROM outbox_jobs WHERE state = $1 ORDER BY id LIMIT $2 FOR UPDATE SKIP LOCKED";
const report = "SELECT date_trunc($1, sent_at), count(*) FROM deliveries GROUP BY 1";
const left = "UPDATE tmp_recipients SET checked = ? WHERE id = ?";

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "A script was left open in an editor at lunch, and vacuum may remove nothing since: every poll of the queue walks its dead rows",
  world: (dice) => {
    const minutes = dice.number(395, 425);
    const seconds = minutes * 60;
    const age = Math.round(seconds * 430);
    const sessionKey = ago(minutes + 4)
      .toISOString()
      .replace("T", " ")
      .replace("Z", "123+00");
    return {
      instances: [
        instanceOf(id, {
          Engine: "postgres",
          DBName: database,
          EngineVersion: "16.4",
          DBInstanceClass: "db.m6g.xlarge",
          AllocatedStorage: 400,
          Iops: 12_000,
          StorageThroughput: 500,
        }),
      ],
      metrics: {
        ...calmRds({
          engine: "postgres",
          vcpus: 4,
          memoryGib: 16,
          connections: 97,
          cpu: 30,
          iops: 760,
          freeGib: 172,
        }),
        CPUUtilization: moves(30, 89, minutes),
        DBLoad: moves(1.2, 5.3, minutes),
        DBLoadCPU: moves(0.9, 4.6, minutes),
        DBLoadNonCPU: moves(0.3, 0.7, minutes),
      },
      events: nightlyBackup(id),
      load: loadOf(
        { CPU: 4.5, "IO:WALSync": 0.4, "LWLock:BufferContent": 0.2 },
        [
          { sql: poll, waits: { CPU: 3.5, "LWLock:BufferContent": 0.2 } },
          { sql: report, waits: { CPU: 0.4 } },
          { sql: "UPDATE outbox_jobs SET state = $1 WHERE id = $2", waits: { CPU: 0.3, "IO:WALSync": 0.4 } },
        ],
        { outbox: 4.6, metabase: 0.4 },
      ),
      alarm: above("CPUUtilization", 80, [80.4, 81.1, 81.7], 46),
      way: "probe-failed",
      inPart: halfLook({
        answers: {
          ...firstAnswers({
            version: "16.4",
            upDays: 77,
            maxConnections: 1700,
            database,
            groups: [
              group({ state: "idle", ...worker }, 83, 12),
              group({ state: "active", ...worker }, 6, 0.4),
              group({ state: "idle", ...worker, application: "notify-api", user: "api" }, 6, 30),
              group({ state: "active", ...worker, application: "metabase", user: "metabase" }, 1, 231),
              group({ state: "idle-in-transaction", ...analyst }, 1, seconds, {
                idleOverSession: 1,
                idleOverLeak: 1,
              }),
            ],
            sessions: [
              running(18_233, seconds, {
                ...analyst,
                sessionKey,
                state: "idle-in-transaction",
                transactionSeconds: seconds + 2,
                statementSeconds: null,
                sessionSeconds: seconds + 240,
                waitEvent: "Client/ClientRead",
                query: left,
              }),
              running(22_017, 231, { ...worker, application: "metabase", user: "metabase", query: report }),
              ...[0.41, 0.33, 0.29, 0.2, 0.12].map((ran, index) =>
                running(4_010 + index, ran, { ...worker, query: poll }),
              ),
            ],
          }),
          "postgres-oldest-xmin": [
            {
              holder: "session",
              name: "18233",
              sessionKey,
              xminAge: age,
              catalogOnly: false,
              seconds: seconds + 2,
              state: "idle in transaction",
              ...analyst,
              query: left,
            },
          ],
          "postgres-oldest-xmin-slots": [],
          "postgres-top-statements": noStatementStatistics,
          "postgres-top-statements-capacity": noStatementStatistics,
          "postgres-plans": noStatementStatistics,
          "postgres-tables": timedOut,
          "postgres-vacuum-progress": [],
          "postgres-replication-slots": [],
        },
        rest: outOfTime,
      }),
    };
  },
});
