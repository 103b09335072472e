import type { Session } from "../../contract/session.ts";
import type { SqlRow } from "../../ports.ts";
import { defineProbe } from "../define.ts";
import { mysqlSessionsAloneRows } from "./sessions-alone-rows.ts";
import { readMysqlSnapshot } from "./snapshot.ts";
import { plainProcesslistSql } from "./snapshot-sql.ts";

export const mysqlSessionsAlone = defineProbe({
  ...mysqlSessionsAloneRows,
  spec: ["P23"],
  title: "Who waits by the process list, where the views beside it are shut?",
  engines: ["mysql", "mariadb"],
  tier: "immediate",
  cost: "One flat read of the process list; linear in the connections. Asked only when mysql-sessions had no answer.",
  needs: [],
  maxRows: 100,
  source: "https://dev.mysql.com/doc/refman/8.4/en/general-thread-states.html",
  standsInFor: ["mysql-sessions"],
  statements: ({ server }) => [{ sql: plainProcesslistSql(server) }],
  read: ([processes = []], context): Session[] => {
    const none: readonly SqlRow[] = context.server.engine === "mariadb" ? [{ trx_id: null }] : [];
    const snapshot = readMysqlSnapshot([processes, none, [], [], []], context);
    return [...snapshot.sessions.values()]
      .filter(({ state }) => state !== "idle")
      .sort((a, b) => (b.statementSeconds ?? 0) - (a.statementSeconds ?? 0) || a.id - b.id);
  },
});
