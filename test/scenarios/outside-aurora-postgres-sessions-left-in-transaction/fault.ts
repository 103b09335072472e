import { calmAurora, calmReader, withoutInsights } from "../support/outside/calm.ts";
import { daily, moves, usual, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, below, clusterOf, instanceOf } from "../support/outside/described.ts";
import { firstAnswers } from "../support/outside/first-answers.ts";
import { halfLook, outOfTime } from "../support/outside/postgres-half-look.ts";
import { group, running } from "../support/outside/postgres-half-rows.ts";

const cluster = "invoicing";
const [writer, reader] = ["invoicing-w", "invoicing-r"];
const database = "invoicing";
const aurora = {
  Engine: "aurora-postgresql",
  EngineVersion: "15.10",
  DBInstanceClass: "db.t4g.medium",
  DBClusterIdentifier: cluster,
  PerformanceInsightsEnabled: false,
};
const mib = 1024 ** 2;
const worker = { application: "invoicing-worker", user: "worker", client: "10.21.7.33", database };
const web = { application: "invoicing-web", user: "web", client: "10.21.6.4", database };
const peek = "SELECT i.id, i.number, i.total FROM invoices i WHERE i.state = $1 ORDER BY i.id LIMIT $2";

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "Since its release a worker opens a transaction for each job and ends none: 384 of 405 slots, three quarters idle in transaction",
  world: (dice) => {
    // 52 more an hour.
    const hours = dice.number(54, 57) / 10;
    const minutes = hours * 60;
    const left = Math.round(52 * hours);
    const others = 96;
    const age = (at: number) => minutes * 60 - 70 - at * 69;
    return {
      instances: [instanceOf(writer, aurora), instanceOf(reader, aurora)],
      cluster: clusterOf(cluster, [writer, reader], aurora),
      metrics: {
        ...withDays(
          withoutInsights(
            calmAurora({
              engine: "postgres",
              vcpus: 2,
              memoryGib: 4,
              connections: others,
              cpu: 17,
              iops: 30,
            }),
          ),
        ),
        DatabaseConnections: moves(others, others + left, minutes),
        FreeableMemory: moves(1090 * mib, (1090 - left * 2.3) * mib, minutes),
        SwapUsage: moves(41 * mib, 63 * mib, minutes),
        CPUUtilization: daily(18, 0.3),
        CPUCreditBalance: usual(576),
        CPUSurplusCreditBalance: () => 0,
        CommitThroughput: daily(38, 0.3),
        ...withoutInsights(calmReader(reader, 4)),
      },
      events: [],
      load: null,
      alarm: above("DatabaseConnections", 320, [321, 322, 323], 74),
      alsoAlarms: [below("FreeableMemory", 500 * mib, [524.1e6, 523.6e6, 522.8e6], 37)],
      way: "probe-failed",
      inPart: halfLook({
        answers: firstAnswers({
          version: "15.10",
          upDays: 41,
          maxConnections: 405,
          database,
          groups: [
            group({ state: "idle-in-transaction", ...worker }, left, age(0)),
            group({ state: "idle", ...worker }, 11, 16),
            group({ state: "active", ...worker }, 2, 0.02),
            group({ state: "idle", ...web }, others - 15, 140),
            group({ state: "active", ...web }, 1, 0.01),
          ],
          sessions: [
            ...Array.from({ length: left }, (_, at) =>
              running(8_100 + at * 7, age(at), {
                ...worker,
                state: "idle-in-transaction",
                statementSeconds: null,
                waitEvent: "Client/ClientRead",
                query: peek,
              }),
            ),
            running(12_004, 0.02, { ...worker, query: peek }),
            running(12_011, 0.01, { ...web, query: "SELECT c.* FROM customers c WHERE c.id = $1" }),
          ],
        }),
        rest: outOfTime,
      }),
    };
  },
});
