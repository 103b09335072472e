import { calmAurora, calmReader, withoutInsights } from "../support/outside/calm.ts";
import { steps, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, clusterOf, instanceOf, nightlyBackup } from "../support/outside/described.ts";
import { firstAnswers } from "../support/outside/first-answers.ts";
import { halfLook, outOfTime } from "../support/outside/postgres-half-look.ts";
import { group, running } from "../support/outside/postgres-half-rows.ts";
import { errorLog } from "../support/outside/postgres-log.ts";
import { everySoOften } from "../support/outside/refusals.ts";

const [cluster, id, reader] = ["orders-hub", "orders-hub-1", "orders-hub-2"];
const member = {
  Engine: "aurora-postgresql",
  EngineVersion: "17.4",
  DBInstanceClass: "db.r7g.xlarge",
  DBName: "hub",
  DBClusterIdentifier: cluster,
  PerformanceInsightsEnabled: false,
};
const api = { user: "hub_api", application: "hub-api", database: "hub", client: "10.22.5.18" };
const query =
  "SELECT o.id, a.credit_limit, a.blocked FROM orders o JOIN crm.accounts a ON a.id = o.account_id WHERE o.id = $1";

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "Packets to the CRM's database are dropped: whoever asks its foreign table waits two minutes for a connection by postgres_fdw, and then fails",
  world: (dice) => {
    const since = dice.number(17, 21);
    const waiting = Array.from({ length: 42 }, (_, index) =>
      running(20_400 + index * 9, 126 - index * 2.96, {
        ...api,
        waitEvent: "Extension/PostgresFdwConnect",
        query,
      }),
    );
    return {
      instances: [instanceOf(id, member), instanceOf(reader, member)],
      cluster: clusterOf(cluster, [id, reader], {
        Engine: member.Engine,
        EngineVersion: member.EngineVersion,
      }),
      metrics: {
        ...withDays(
          withoutInsights(
            calmAurora({ engine: "postgres", vcpus: 4, memoryGib: 32, connections: 92, cpu: 28, iops: 700 }),
          ),
        ),
        ...withoutInsights(calmReader(reader, 32)),
        CPUUtilization: steps(28, 22, since),
        DatabaseConnections: steps(92, 146, since),
        CommitThroughput: steps(210, 150, since),
      },
      events: nightlyBackup(id),
      logs: [
        errorLog(
          everySoOften(
            { from: since - 2, to: 1, apart: 0.05 },
            { host: "10.22.5.18", user: "hub_api", database: "hub" },
            [
              'ERROR:  could not connect to server "crm_live"',
              'DETAIL:  connection to server at "crm-db.internal" (10.80.0.12), port 5432 failed: Connection timed out\n\tIs the server running on that host and accepting TCP/IP connections?',
              `STATEMENT:  ${query}`,
            ],
          ),
          1,
        ),
      ],
      load: null,
      alarm: above("DatabaseConnections", 130, [144, 147, 145], since - 7),
      way: "probe-failed",
      inPart: halfLook({
        answers: firstAnswers({
          version: "17.4",
          upDays: 41,
          maxConnections: 3400,
          database: "hub",
          groups: [
            group({ state: "active", ...api }, 42, 126),
            group({ state: "idle", ...api }, 74, 8),
            group({ state: "idle", ...api, user: "hub_jobs", application: "hub-jobs" }, 27, 41),
          ],
          sessions: waiting,
        }),
        rest: outOfTime,
      }),
    };
  },
});
