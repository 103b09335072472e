import { calmAurora } from "../support/outside/calm.ts";
import { turns, usual, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, ago, clusterOf, instanceOf, loadOf, told } from "../support/outside/described.ts";
import { errorLog, logged } from "../support/outside/postgres-log.ts";
import { everySoOften } from "../support/outside/refusals.ts";

const id = "messaging-writer";
const like = { Engine: "aurora-postgresql", EngineVersion: "15.8", DBInstanceClass: "db.r6g.xlarge" };
const purge = "DELETE FROM messages WHERE message_id = ANY($1)";

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "The purge of closed accounts deletes messages, and the foreign key of attachments without an index reads all attachments for each of them: every CPU is at it",
  world: (dice) => {
    const since = dice.number(51, 56);
    const calm = withDays(
      calmAurora({ engine: "postgres", vcpus: 4, memoryGib: 32, connections: 168, cpu: 34, iops: 800 }),
    );
    return {
      instances: [
        instanceOf(id, { ...like, DBClusterIdentifier: "messaging" }),
        instanceOf("messaging-reader", { ...like, DBClusterIdentifier: "messaging" }),
      ],
      cluster: clusterOf("messaging", [id, "messaging-reader"], {
        Engine: "aurora-postgresql",
        EngineVersion: "15.8",
      }),
      metrics: {
        ...calm,
        CPUUtilization: turns(usual(34), since, 98),
        DatabaseConnections: turns(usual(168), since, 204),
        CommitLatency: turns(usual(2.4), since, 6.1),
        CommitThroughput: turns(usual(210), since, 141),
        DBLoad: turns(usual(1.4), since, 11.6),
        DBLoadCPU: turns(usual(1.05), since, 10.9),
        DBLoadNonCPU: turns(usual(0.35), since, 0.7),
        "messaging-reader/CPUUtilization": usual(17),
        "messaging-reader/DatabaseConnections": usual(61),
        "messaging-reader/FreeableMemory": usual(8 * 1024 ** 3),
        "messaging-reader/DBLoad": usual(0.6),
        "messaging-reader/AuroraReplicaLag": usual(21),
      },
      events: [told("messaging", 640, "backup", "Automated cluster snapshot created", "cluster")],
      changes: [
        {
          at: ago(60 * 24 * 9).toISOString(),
          source: "cloudtrail",
          subject: "messaging",
          what: "ModifyDBCluster",
          by: "terraform",
          detail: "backupRetentionPeriod=14",
          error: null,
        },
      ],
      load: loadOf(
        { CPU: 10.9, "LWLock:buffer_content": 0.3, "IO:DataFileRead": 0.4 },
        [
          { sql: purge, waits: { CPU: 8.0, "IO:DataFileRead": 0.2 } },
          {
            sql: "SELECT m.message_id, m.sender_id, m.sent_at, m.preview FROM messages m WHERE m.thread_id = $1 ORDER BY m.sent_at DESC LIMIT $2",
            waits: { CPU: 1.6, "LWLock:buffer_content": 0.2 },
          },
          {
            sql: "INSERT INTO messages (thread_id, sender_id, body, preview) VALUES ($1, $2, $3, $4)",
            waits: { CPU: 0.8, "LWLock:buffer_content": 0.1 },
          },
          {
            sql: "UPDATE threads SET last_at = $1 WHERE thread_id = $2",
            waits: { CPU: 0.5, "IO:DataFileRead": 0.2 },
          },
        ],
        { gdpr_purge: 8.2, messaging_app: 3.4 },
      ),
      logs: [
        errorLog(
          [
            logged(
              since + 3,
              { host: "10.4.33.9(50112)", user: "messaging_app", database: "messaging", pid: 8120 },
              "LOG:  could not receive data from client: Connection reset by peer",
            ),
            ...everySoOften(
              { from: since - 10, to: 1, apart: 1.25 },
              { host: "10.4.40.8", user: "gdpr_purge", database: "messaging" },
              [
                "ERROR:  canceling statement due to statement timeout",
                'CONTEXT:  SQL statement "SELECT 1 FROM ONLY "public"."attachments" x WHERE $1 OPERATOR(pg_catalog.=) "message_id" FOR KEY SHARE OF x"',
                `STATEMENT:  ${purge}`,
              ],
            ),
          ],
          1,
        ),
      ],
      alarm: above("CPUUtilization", 90, [97.6, 98.2, 98.1], since - 7),
      way: "probe-failed",
    };
  },
});
