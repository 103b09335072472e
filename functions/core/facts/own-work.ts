import { mysqlStatementDigestsRows } from "../probes/mysql/statement-digests/statement-digests-rows.ts";
import { postgresTopStatementsRows } from "../probes/postgres/top-statements/top-statements-rows.ts";
import { isApplications } from "./statements.ts";
import type { View } from "./view.ts";

export interface OwnWork {
  readonly statements: number;
  /** Sessions that were busy with them, on average. */
  readonly averageSessions: number;
}

/** What the responder's own statements took meanwhile: left out of every list, and counted here. */
export function ownWork(view: View): OwnWork | null {
  const postgres = view.rows(postgresTopStatementsRows);
  const mysql = view.rows(mysqlStatementDigestsRows);
  if (postgres === null && mysql === null) return null;
  const own = [
    ...(postgres ?? []).filter((row) => row.own),
    ...(mysql ?? []).filter((row) => !isApplications(row)),
  ];
  return {
    statements: own.length,
    averageSessions: own.reduce((sum, { now }) => sum + now.averageSessions, 0),
  };
}
