import type { View } from "../facts/view.ts";
import { mysqlStatementDigestsRows } from "../probes/mysql/statement-digests/statement-digests-rows.ts";
import { postgresTopStatementsRows } from "../probes/postgres/top-statements/top-statements-rows.ts";
import { compare } from "../text/compare.ts";
import { statementText } from "../text/wording.ts";

/** A statement that took time between the two readings of the look. */
export interface StatementLine {
  readonly query: string;
  /** Sessions that were busy with it, on average. */
  readonly load: number;
  readonly callsPerSecond: number;
  readonly meanSeconds: number | null;
}

/** The responder reads catalogs only; on the command line it may share its user with an application. */
function isLook(query: string | null): boolean {
  return /\bpg_\w+|\binformation_schema\b/i.test(query ?? "pg_");
}

/** Busiest first; null when statement statistics were not read. The responder's own statements are left out. */
export function statementLines(view: View, most = 8): readonly StatementLine[] | null {
  const postgres = view.rows(postgresTopStatementsRows)?.filter(({ own, query }) => !own || !isLook(query));
  const rows = postgres ?? view.rows(mysqlStatementDigestsRows);
  if (rows === null || rows === undefined) return null;
  return rows
    .map(({ query, now }) => ({
      query: statementText(query) ?? "(the server has lost the text)",
      load: now.averageSessions,
      callsPerSecond: now.callsPerSecond,
      meanSeconds: now.meanSeconds,
    }))
    .filter(({ load, callsPerSecond }) => load > 0 || callsPerSecond > 0)
    .toSorted((a, b) => b.load - a.load || b.callsPerSecond - a.callsPerSecond || compare(a.query, b.query))
    .slice(0, most);
}
