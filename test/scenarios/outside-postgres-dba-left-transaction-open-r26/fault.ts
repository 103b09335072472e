import { calmRds, withoutInsights } from "../support/outside/calm.ts";
import { turns, usual, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, instanceOf, nightlyBackup } from "../support/outside/described.ts";
import { firstAnswers } from "../support/outside/first-answers.ts";
import { halfLook, noStatementStatistics, outOfTime } from "../support/outside/postgres-half-look.ts";
import { group, lockNode, running } from "../support/outside/postgres-half-rows.ts";
import { fillsUp } from "../support/outside/saws.ts";

const id = "billing-prod";
const database = "billing";
const update = "UPDATE accounts SET balance = balance + $1, updated_at = now() WHERE id = $2";

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "A person corrected 900 accounts in DBeaver, did not commit, and went away fourteen minutes ago: 38 payments wait for those rows",
  world: (dice) => {
    const open = dice.number(820, 880);
    const since = open / 60;
    const holder = running(7712, 0.4, {
      user: "j_ortiz",
      application: "DBeaver 24.1.2 - SQLEditor <Script-3.sql>",
      client: "10.2.40.19",
      database,
      state: "idle-in-transaction",
      stateSeconds: open,
      transactionSeconds: open + 21,
      statementSeconds: null,
      sessionSeconds: open + 2100,
      waitEvent: "Client:ClientRead",
      query: "UPDATE accounts SET plan_id = $1 WHERE region = $2 AND plan_id = $3",
    });
    const waits = [open - 9, open - 31, open - 58, open - 96, open - 140, open - 171, open - 204, open - 260];
    const waiters = waits.map((seconds, index) =>
      running(8120 + index * 9, seconds, {
        user: "billing_app",
        application: "billing-api",
        client: `10.2.12.${30 + (index % 4)}`,
        database,
        waitEvent: "Lock:transactionid",
        query: update,
      }),
    );
    const held = {
      object: "transaction 91840122",
      objectKind: "transaction",
      mode: "ExclusiveLock",
    } as const;
    const app = { user: "billing_app", application: "billing-api", database };
    return {
      instances: [
        instanceOf(id, {
          Engine: "postgres",
          EngineVersion: "13.15",
          DBInstanceClass: "db.r5.large",
          MultiAZ: true,
          PerformanceInsightsEnabled: false,
        }),
      ],
      metrics: {
        ...withDays(
          withoutInsights(
            calmRds({
              engine: "postgres",
              vcpus: 2,
              memoryGib: 16,
              connections: 61,
              cpu: 27,
              iops: 380,
              freeGib: 77,
            }),
          ),
        ),
        DatabaseConnections: fillsUp(usual(61), since, 4, 112),
        CPUUtilization: turns(usual(27), since, 21),
        WriteIOPS: turns(usual(228), since, 151),
      },
      events: nightlyBackup(id),
      load: null,
      culprits: [7712],
      inPart: halfLook({
        answers: {
          ...firstAnswers({
            version: "13.15",
            upDays: 88,
            maxConnections: 1721,
            database,
            groups: [
              group({ state: "active", client: "10.2.12.30", ...app }, 38, open - 9, { waitingOnLock: 38 }),
              group({ state: "idle", client: "10.2.12.31", ...app }, 52, 34),
              group(
                {
                  state: "idle-in-transaction",
                  user: "j_ortiz",
                  application: "DBeaver 24.1.2 - SQLEditor <Script-3.sql>",
                  client: "10.2.40.19",
                  database,
                },
                1,
                open,
              ),
              group(
                {
                  state: "idle",
                  user: "j_ortiz",
                  application: "DBeaver 24.1.2 - Main",
                  client: "10.2.40.19",
                  database,
                },
                1,
                open + 60,
              ),
              group(
                {
                  state: "idle",
                  user: "billing_jobs",
                  application: "sidekiq",
                  client: "10.2.13.8",
                  database,
                },
                18,
                22,
              ),
            ],
            sessions: [holder, ...waiters],
            waiting: {
              nodes: [
                lockNode(holder, {
                  holds: [{ ...held, explicit: false }],
                  blocksDirectly: 38,
                  blocksTotal: 38,
                  longestWaitSeconds: open - 9,
                }),
                ...waiters.map((session, index) =>
                  lockNode(session, {
                    waitsFor: {
                      object: held.object,
                      objectKind: held.objectKind,
                      mode: "ShareLock",
                      waitSeconds: waits[index] ?? null,
                      queuePosition: 1,
                      rowsOf: ["public.accounts"],
                    },
                    parent: "session:7712",
                    blockerCount: 1,
                    holderCount: 1,
                  }),
                ),
              ],
              waiters: 38,
              omittedWaiters: 30,
              lockRows: 1204,
              cycles: [],
            },
          }),
          "postgres-top-statements": noStatementStatistics,
        },
        rest: outOfTime,
      }),
      alarm: above("DatabaseConnections", 100, [101, 106, 110], 3),
      way: "probe-failed",
    };
  },
});
