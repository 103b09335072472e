import { calmRds } from "../support/outside/calm.ts";
import { steps } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { ago, below, instanceOf, loadOf, nightlyBackup } from "../support/outside/described.ts";
import { firstAnswers } from "../support/outside/first-answers.ts";
import { halfLook, outOfTime } from "../support/outside/postgres-half-look.ts";
import { group, running } from "../support/outside/postgres-half-rows.ts";
import { errorLog } from "../support/outside/postgres-log.ts";
import { everySoOften } from "../support/outside/refusals.ts";

const id = "ledger-core";
const database = "ledger";
const api = { application: "ledger-api", user: "ledger", client: "10.12.1.55", database };

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "The loader's role was made VALID UNTIL today: since then it is refused, and all others work as ever",
  world: (dice) => {
    const since = dice.number(92, 104);
    return {
      instances: [
        instanceOf(id, {
          Engine: "postgres",
          DBName: database,
          EngineVersion: "15.7",
          DBInstanceClass: "db.m6g.large",
          MultiAZ: true,
        }),
      ],
      metrics: {
        ...calmRds({ engine: "postgres", vcpus: 2, memoryGib: 8, connections: 88, cpu: 29, iops: 260 }),
        DatabaseConnections: steps(88, 46, since),
        CPUUtilization: steps(29, 17, since),
        WriteIOPS: steps(156, 61, since),
        WriteThroughput: steps(3.3e6, 1.2e6, since),
        DBLoad: steps(0.6, 0.4, since),
        DBLoadCPU: steps(0.4, 0.3, since),
      },
      events: nightlyBackup(id),
      changes: [
        {
          at: ago(60 * 20).toISOString(),
          source: "cloudtrail",
          subject: `${id}-params`,
          what: "ModifyDBParameterGroup",
          by: "terraform-prod",
          detail: "log_min_duration_statement=1000",
          error: null,
        },
      ],
      load: loadOf(
        { CPU: 0.3, "IO:WALSync": 0.1 },
        [
          { sql: "SELECT balance FROM accounts WHERE id = $1", waits: { CPU: 0.2 } },
          {
            sql: "INSERT INTO entries (account_id, cents) VALUES ($1, $2)",
            waits: { CPU: 0.1, "IO:WALSync": 0.1 },
          },
        ],
        { ledger: 0.4 },
      ),
      logs: [
        errorLog(
          everySoOften(
            { from: since, to: 0.5, apart: 0.5 },
            { host: "10.12.8.20", user: "etl_loader", database },
            [
              'FATAL:  password authentication failed for user "etl_loader"',
              'DETAIL:  User "etl_loader" has an expired password.\n\tConnection matched file "/rdsdbdata/config/pg_hba.conf" line 13: "host all all all md5"',
            ],
          ).slice(-160),
          0.5,
        ),
      ],
      alarm: below("DatabaseConnections", 60, [48, 46, 46], since - 4),
      way: "probe-failed",
      inPart: halfLook({
        answers: firstAnswers({
          version: "15.7",
          upDays: 33,
          maxConnections: 823,
          database,
          groups: [
            group({ state: "idle", ...api }, 37, 40),
            group({ state: "active", ...api }, 1, 0.01),
            group({ state: "idle", ...api, application: "ledger-jobs", user: "jobs" }, 7, 55),
          ],
          sessions: [running(5_311, 0.01, { ...api, query: "SELECT balance FROM accounts WHERE id = $1" })],
        }),
        rest: outOfTime,
      }),
    };
  },
});
