import { type Session, sessionSchema } from "../../contract/session.ts";
import { defineProbe } from "../define.ts";
import { performanceSchemaGrant, processGrant } from "./sight.ts";
import { readMysqlSnapshot } from "./snapshot.ts";
import { mysqlSnapshotStatements } from "./snapshot-sql.ts";

export const mysqlSessions = defineProbe({
  id: "mysql-sessions",
  spec: ["P23"],
  title: "Who runs what, who sleeps in an open transaction, and for how long?",
  engines: ["mysql", "mariadb"],
  tier: "immediate",
  cost: "Five flat reads of session lists, sent once for the whole tier and joined in memory; linear in the connections. MariaDB copies its lock queues for it, more than linear in those who wait for one row (85 ms for 500); not asked for beyond 1,200 waiters.",
  needs: [processGrant, performanceSchemaGrant],
  row: sessionSchema,
  maxRows: 200,
  source: "https://dev.mysql.com/doc/refman/8.4/en/performance-schema-processlist-table.html",
  statements: ({ server }) => mysqlSnapshotStatements(server),
  read: (answers, context): Session[] => {
    const sessions = [...readMysqlSnapshot(answers, context).sessions.values()];
    return sessions
      .filter(({ state }) => state !== "idle")
      .sort((a, b) => weight(b) - weight(a) || a.id - b.id);
  },
});

/** What is kept when there are too many: the oldest statements and transactions. */
function weight({ kind, statementSeconds, transactionSeconds, stateSeconds }: Session): number {
  if (kind !== "client") return -1;
  return Math.max(statementSeconds ?? 0, transactionSeconds ?? 0, stateSeconds ?? 0);
}
