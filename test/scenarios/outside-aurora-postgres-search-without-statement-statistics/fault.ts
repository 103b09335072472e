import { calmAurora, calmReader, withoutInsights } from "../support/outside/calm.ts";
import { steps } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, clusterOf, instanceOf } from "../support/outside/described.ts";
import {
  halfLook,
  noStatementStatistics,
  outOfTime,
  timedOut,
} from "../support/outside/postgres-half-look.ts";
import { group, nobodyWaits, ownGroup, running, serverUp } from "../support/outside/postgres-half-rows.ts";

const cluster = "rentals";
const [writer, reader] = ["rentals-0", "rentals-1"];
const database = "rentals";
const aurora = {
  Engine: "aurora-postgresql",
  EngineVersion: "14.13",
  DBInstanceClass: "db.r6g.xlarge",
  DBClusterIdentifier: cluster,
  PerformanceInsightsEnabled: false,
};
const web = { application: "rentals-web", user: "web", client: "10.60.3.41", database };
const search =
  "SELECT l.id, l.title, l.price FROM listings l WHERE lower(l.description) LIKE ? AND l.state = ? ORDER BY l.created_at DESC LIMIT ?";

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "The new search reads every description: 22 sessions on 4 vCPU, without Performance Insights and without pg_stat_statements",
  world: (dice) => {
    const since = dice.number(24, 29);
    const searching = 22;
    const seconds = (at: number) => 4.1 + ((at * 7) % 11) * 0.93;
    return {
      instances: [instanceOf(writer, aurora), instanceOf(reader, aurora)],
      cluster: clusterOf(cluster, [writer, reader], aurora),
      metrics: {
        ...withoutInsights(
          calmAurora({ engine: "postgres", vcpus: 4, memoryGib: 32, connections: 61, cpu: 26, iops: 70 }),
        ),
        ...withoutInsights(calmReader(reader, 32)),
        CPUUtilization: steps(26, 99.2, since),
        DatabaseConnections: steps(61, 83, since - 2),
        CommitLatency: steps(2.4, 8.3, since),
        CommitThroughput: steps(120, 84, since),
      },
      events: [],
      load: null,
      alarm: above("CPUUtilization", 80, [98.7, 99.1, 99.4], since - 5),
      way: "probe-failed",
      inPart: halfLook({
        answers: {
          "postgres-server": [serverUp("14.13", 63 * 86_400, 3420)],
          "postgres-blocking": [nobodyWaits],
          "postgres-connections": [
            group({ state: "idle", ...web }, 54, 31),
            group({ state: "active", ...web }, 25, 13.4),
            group(
              { state: "idle", application: "rentals-jobs", user: "jobs", client: "10.60.5.3", database },
              4,
              7,
            ),
            ownGroup(database),
          ],
          "postgres-sessions": [
            ...Array.from({ length: searching }, (_, at) =>
              running(30_211 + at * 17, seconds(at), {
                ...web,
                waitEvent: at === 9 ? "IO/DataFileRead" : null,
                query: search,
              }),
            ),
            ...[0.3, 0.2, 0.1].map((spent, at) =>
              running(31_007 + at * 5, spent, { ...web, query: "SELECT * FROM users WHERE id = ?" }),
            ),
            running(29_870, 46, {
              kind: "autovacuum",
              database,
              waitEvent: "Timeout/VacuumDelay",
              query: "autovacuum: VACUUM ANALYZE public.listing_events",
            }),
          ],
          "postgres-oldest-xmin": [],
          "postgres-top-statements": noStatementStatistics,
          "postgres-top-statements-capacity": noStatementStatistics,
          "postgres-failing-statements": noStatementStatistics,
          "postgres-plans": noStatementStatistics,
          "postgres-tables": timedOut,
          "postgres-wait-profile": [
            {
              waitEventType: null,
              waitEvent: null,
              samples: 10,
              windowSeconds: 1.31,
              observations: 231,
              averageSessions: 23.1,
              percent: 97.5,
              distinctSessions: 27,
              query: search,
            },
            {
              waitEventType: "IO",
              waitEvent: "DataFileRead",
              samples: 10,
              windowSeconds: 1.31,
              observations: 6,
              averageSessions: 0.6,
              percent: 2.5,
              distinctSessions: 4,
              query: search,
            },
          ],
        },
        rest: outOfTime,
      }),
    };
  },
});
