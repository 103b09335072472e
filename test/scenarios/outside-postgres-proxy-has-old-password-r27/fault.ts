import { calmAurora, calmReader } from "../support/outside/calm.ts";
import { moves, turns, usual, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { ago, below, clusterOf, instanceOf, loadOf } from "../support/outside/described.ts";
import { errorLog, logged } from "../support/outside/postgres-log.ts";
import { everySoOften } from "../support/outside/refusals.ts";

const [writer, reader] = ["checkout-db-1", "checkout-db-2"];
const like = {
  Engine: "aurora-postgresql",
  EngineVersion: "15.8",
  DBInstanceClass: "db.r6g.large",
  DBClusterIdentifier: "checkout-db",
};

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "The password of checkout_app was rotated, and RDS Proxy signs in with the old one: what it had open ends one by one, and nothing new gets in",
  world: (dice) => {
    const since = dice.number(36, 40);
    const gone = since - 16;
    return {
      instances: [instanceOf(writer, like), instanceOf(reader, like)],
      cluster: clusterOf("checkout-db", [writer, reader], {
        Engine: "aurora-postgresql",
        EngineVersion: "15.8",
      }),
      metrics: {
        ...withDays(
          calmAurora({ engine: "postgres", vcpus: 2, memoryGib: 16, connections: 88, cpu: 26, iops: 230 }),
        ),
        ...calmReader(reader, 16),
        DatabaseConnections: (at) =>
          at > since ? (usual(88)(at) ?? 88) : at > gone ? 9 + ((88 - 9) * (at - gone)) / 16 : 9,
        CommitThroughput: (at) =>
          at > since ? (usual(210)(at) ?? 210) : at > gone ? 11 + ((210 - 11) * (at - gone)) / 16 : 11,
        CPUUtilization: (at) =>
          at > since ? (usual(26)(at) ?? 26) : at > gone ? 9 + (17 * (at - gone)) / 16 : 9,
        DBLoad: turns(usual(0.52), gone, 0.11),
        DBLoadCPU: turns(usual(0.4), gone, 0.08),
        DBLoadNonCPU: turns(usual(0.12), gone, 0.03),
        WriteIOPS: turns(usual(138), gone, 17),
        WriteThroughput: turns(usual(2.9e6), gone, 0.3e6),
        NetworkTransmitThroughput: moves(2.7e6, 0.3e6, since),
      },
      events: [],
      logs: [
        errorLog(
          [
            logged(since + 31, { pid: 502 }, "LOG:  checkpoint starting: time"),
            ...everySoOften(
              { from: since, to: 1, apart: 0.3 },
              { host: "10.4.61.12", user: "checkout_app", database: "checkout" },
              [
                'FATAL:  password authentication failed for user "checkout_app"',
                'DETAIL:  Connection matched file "/rdsdbdata/config/pg_hba.conf" line 13: "host    all             all             all                     md5"',
              ],
            ),
          ],
          1,
        ),
      ],
      load: loadOf(
        { CPU: 0.08 },
        [{ sql: "SELECT count(*) FROM jobs WHERE run_at < now()", waits: { CPU: 0.05 } }],
        { checkout_jobs: 0.08 },
      ),
      changes: [
        {
          at: ago(60 * 24 * 3).toISOString(),
          source: "cloudtrail",
          subject: "checkout-db-params",
          what: "ModifyDBClusterParameterGroup",
          by: "terraform",
          detail:
            'dBClusterParameterGroupName=checkout-db-params, parameters=[{"parameterName":"log_min_duration_statement","parameterValue":"1000","applyMethod":"immediate"}]',
          error: null,
        },
      ],
      alarm: below("CommitThroughput", 60, [58.1, 34.2, 12.4], gone - 1),
      way: "probe-failed",
    };
  },
});
