import type { DatabaseRatesRow } from "../probes/postgres/database-rates-rows.ts";
import {
  postgresTopStatementsRows,
  type TopStatementRow,
} from "../probes/postgres/top-statements/top-statements-rows.ts";
import { settingsOf } from "./settings-facts.ts";
import type { View } from "./view.ts";

const begins = /^\s*(?:begin|start\s+transaction)\b/i;
const undoes = /^\s*(?:rollback|abort)\b(?!\s+(?:(?:work|transaction)\s+)?(?:to|prepared)\b)/i;
const commits = /^\s*(?:commit|end)\b(?!\s+prepared\b)/i;
const savepoint = /^\s*savepoint\b/i;
const control = /^\s*(?:begin|start\s+transaction|commit|end|rollback|abort|savepoint|release)\b/i;

/**
 * Transactions a second that a client rolled back and that the server does not count: a session that has come upon no
 * table since reports nothing of itself (15 and later), and one of whose transactions each begins with an error never
 * does. Each statement that was carried out in a transaction excuses one of them; who asks nothing but SELECT 1 fails in
 * nothing. A bound: who begins and thinks better of it is among them; `asked` are all ROLLBACKs of a transaction that was
 * begun, whatever it did. Null: it could not be seen.
 * https://github.com/postgres/postgres/blob/REL_17_STABLE/src/backend/utils/activity/pgstat.c (pgstat_report_stat)
 */
export function unreportedRollbacks(
  view: View,
  row: DatabaseRatesRow,
): { readonly most: number; readonly asked: number; readonly savepoints: number } | null {
  const { database, commitsPerSecond, rollbacksPerSecond } = row;
  const counted = settingsOf(view)?.value("pg_stat_statements.track_utility") === "on";
  const statements = view.rows(postgresTopStatementsRows);
  if (!counted || statements === null || commitsPerSecond === null || rollbacksPerSecond === null)
    return null;
  const here = statements.filter((one) => one.database === database && one.topLevel);
  const callsOf = (which: (query: string) => boolean): number =>
    here
      .filter(({ query }) => which(query ?? ""))
      .reduce((sum, { now }: TopStatementRow) => sum + now.callsPerSecond, 0);
  const committed = callsOf((query) => commits.test(query));
  // Some pools send ROLLBACK whether a transaction was begun or not.
  const asked = Math.min(
    callsOf((query) => undoes.test(query)),
    callsOf((query) => begins.test(query)) - committed,
  );
  const alone = Math.max(0, commitsPerSecond - committed);
  const within = Math.max(0, callsOf((query) => !control.test(query)) - alone);
  const savepoints = callsOf((query) => savepoint.test(query));
  return { most: Math.max(0, asked - rollbacksPerSecond - within), asked, savepoints };
}
