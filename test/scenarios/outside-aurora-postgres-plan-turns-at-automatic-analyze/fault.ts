import { calmAurora, calmReader } from "../support/outside/calm.ts";
import { even, moves, steps, usual, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, ago, clusterOf, instanceOf, loadOf, nightlyBackup } from "../support/outside/described.ts";
import { firstAnswers } from "../support/outside/first-answers.ts";
import { halfLook, outOfTime } from "../support/outside/postgres-half-look.ts";
import { group, running } from "../support/outside/postgres-half-rows.ts";
import { errorLog, logged } from "../support/outside/postgres-log.ts";

const [writer, reader] = ["identity-1", "identity-2"];
const like = { Engine: "aurora-postgresql", EngineVersion: "16.6", DBInstanceClass: "db.r6g.8xlarge" };
const question =
  "SELECT t.id, t.session_id, t.expires_at FROM session_tokens t JOIN sessions s ON s.id = t.session_id WHERE s.instance_id = $1 AND t.rotated_from IS NOT NULL AND t.expires_at > $2";

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "An automatic analyze took the few rows that are not null for none: since that minute the question for rotated session_tokens has another plan and takes every core",
  world: (dice) => {
    const since = dice.number(43, 47);
    const before = withDays(
      calmAurora({ engine: "postgres", vcpus: 32, memoryGib: 256, connections: 610, cpu: 34, iops: 1500 }),
    );
    const who = (at: number) => ({
      host: `10.4.${18 + (at % 3)}.${20 + (at % 9)}(${51_000 + at * 7})`,
      user: "identity_api",
      database: "identity",
      pid: 4400 + at,
    });
    const slow = Array.from({ length: 19 }, (_, index) => {
      const at = since - 1 - index * 2.2;
      return logged(
        at,
        who(index),
        `LOG:  duration: ${(14_210 + index * 1290).toFixed(3)} ms  execute <unnamed>: ${question}`,
      );
    });
    const analyzed = (at: number, pid: number, table: string, elapsed: string) =>
      logged(
        at,
        { pid },
        `LOG:  automatic analyze of table "identity.public.${table}" system usage: CPU: user: 1.31 s, system: 0.12 s, elapsed: ${elapsed} s`,
      );
    return {
      instances: [instanceOf(writer, like), instanceOf(reader, like)],
      cluster: clusterOf("identity", [writer, reader], {
        Engine: "aurora-postgresql",
        EngineVersion: "16.6",
      }),
      metrics: {
        ...before,
        ...calmReader(reader, 256),
        CPUUtilization: even(steps(34, 99.2, since)),
        DBLoad: steps(10.9, 214, since),
        DBLoadCPU: steps(8.4, 207, since),
        DBLoadNonCPU: steps(2.5, 7, since),
        DatabaseConnections: (at) => (at > since ? usual(610)(at) : Math.min(1190, 610 + (since - at) * 70)),
        CommitThroughput: steps(2140, 221, since),
        CommitLatency: steps(2.3, 3.9, since),
        NetworkReceiveThroughput: steps(6.1e6, 2.2e6, since),
        NetworkTransmitThroughput: steps(24e6, 5.4e6, since),
        WriteIOPS: steps(900, 190, since),
        MaximumUsedTransactionIDs: moves(180e6, 180e6, 1),
      },
      events: nightlyBackup(writer),
      load: loadOf(
        { CPU: 207, "IO:DataFileRead": 1.1, "IO:XactSync": 0.9, "Client:ClientRead": 0.4 },
        [
          { sql: question, waits: { CPU: 204.2, "IO:DataFileRead": 0.8 } },
          {
            sql: "UPDATE sessions SET last_active_at = $1 WHERE id = $2",
            waits: { CPU: 0.9, "IO:XactSync": 0.6 },
          },
          { sql: "SELECT * FROM users WHERE id = $1", waits: { CPU: 0.8 } },
        ],
        { identity_api: 206.9, identity_jobs: 1.6 },
      ),
      logs: [
        errorLog(
          [
            analyzed(since + 71, 3121, "audit_events", "6.02"),
            analyzed(since + 33, 3388, "sessions", "2.95"),
            analyzed(since + 0.4, 3702, "session_tokens", "3.48"),
            ...slow,
          ],
          1,
        ),
      ],
      changes: [
        {
          at: ago(8900).toISOString(),
          source: "cloudtrail",
          subject: writer,
          what: "ModifyDBInstance",
          by: "terraform",
          detail: `dBInstanceIdentifier=${writer}, performanceInsightsRetentionPeriod=7, applyImmediately=true`,
          error: null,
        },
      ],
      alarm: above("CPUUtilization", 85, [98.7, 99.3, 99.1], since - 4),
      alsoAlarms: [above("DatabaseConnections", 1000, [1041, 1108, 1176], since - 8)],
      way: "probe-failed",
      inPart: halfLook({
        answers: firstAnswers({
          version: "16.6",
          upDays: 41,
          maxConnections: 5000,
          database: "identity",
          groups: [
            group(
              {
                state: "active",
                application: "identity-api",
                user: "identity_api",
                client: "10.4.18.23",
                database: "identity",
              },
              214,
              29.4,
            ),
            group(
              {
                state: "idle",
                application: "identity-api",
                user: "identity_api",
                client: "10.4.18.23",
                database: "identity",
              },
              941,
              44,
            ),
          ],
          sessions: Array.from({ length: 40 }, (_, index) =>
            running(4400 + index, 29.4 - index * 0.7, {
              user: "identity_api",
              application: "identity-api",
              client: `10.4.18.${20 + (index % 9)}`,
              database: "identity",
              query: question,
            }),
          ),
        }),
        rest: outOfTime,
      }),
    };
  },
});
