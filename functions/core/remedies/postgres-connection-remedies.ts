import { proposeManual } from "../actions/propose.ts";
import type { ProposedAction } from "../contract/finding.ts";
import { unusedOf } from "../facts/connection-groups.ts";
import { protectedName } from "../facts/protected.ts";
import type { View } from "../facts/view.ts";
import { nameStem } from "../text/name-stem.ts";
import { sqlLiteral } from "../text/sql-literal.ts";
import { wholeTable } from "../text/whole-table.ts";
import { duration } from "../text/wording.ts";
import { largestIdleFamily } from "./idle-family.ts";
import { endIdleGroup } from "./idle-session-remedies.ts";
import type { Owner } from "./owner.ts";
import { majorOf } from "./run-as.ts";

/** Who keeps a whole table, a cursor or a snapshot, or has leased rows, works elsewhere meanwhile. */
const idleTransactions = `state LIKE 'idle in transaction%' AND backend_xmin IS NULL AND query !~* '\\m(skip\\s+locked|nowait)\\M|^\\s*lock\\M' AND NOT EXISTS (SELECT FROM pg_locks w WHERE w.pid = pg_stat_activity.pid AND w.granted AND w.locktype = 'relation' AND w.mode IN (${wholeTable.map((mode) => `'${mode}'`).join(", ")}))`;

/** A3 on PostgreSQL: every session of one application, user and client that is idle in a transaction for too long. */
export function endPostgresIdleTransactions(
  view: View,
  owner: Owner,
  count: number,
): readonly ProposedAction[] {
  const seconds = view.thresholds.idleInTransactionSeconds;
  const chosen = sessionsOf(view, owner);
  if (chosen === null) return [];
  return [
    ...endIdleGroup(view, { owner, state: "idle-in-transaction", overSeconds: seconds, count }),
    proposeManual({
      id: "end-idle-transactions",
      spec: ["A3"],
      risk: "disruptive",
      preview: endWhere(view, chosen.sql, idleTransactions, seconds),
      describes: `${count} sessions of ${chosen.who}, idle in transaction for over ${duration(seconds)}`,
      consequence: `What these transactions have changed rolls back, and the application sees broken connections. ${leftAndLost(view)} Left alone, too, are those that keep a whole table, an open cursor or a snapshot, or whose last statement says SKIP LOCKED, NOWAIT or LOCK; a lease by a function, a view or EXECUTE is not seen, and its job would run twice. The cause, transactions that are begun and not finished, stays.`,
    }),
  ];
}

/** A3 on PostgreSQL: what sits idle for long, of the one application, user and client that keeps most of it. */
export function freePostgresIdleConnections(view: View): readonly ProposedAction[] {
  const seconds = view.thresholds.leakIdleSeconds;
  const idle = largestIdleFamily(view, (group) => sessionsOf(view, group) !== null);
  const [owner] = idle?.family.groups ?? [];
  if (idle === null || owner === undefined) return [];
  const names = idle.family.names.filter((name) => name !== null).slice(0, mostNames);
  const named = idle.family.groups.filter(({ application }) => names.some((name) => name === application));
  const chosen = sessionsOf(view, owner, names);
  if (chosen === null) return [];
  const consequence = `Pools open new connections when they need them; an application that does not check its connections sees errors. ${leftAndLost(view)} The cause, a pool too large or a leak, stays.`;
  const count = named.reduce((sum, group) => sum + unusedOf(group), 0);
  const of = count === idle.count ? "" : ` of ${idle.count}`;
  return [
    ...(names.length === 1 ? endIdleGroup(view, { owner, state: "idle", overSeconds: seconds, count }) : []),
    proposeManual({
      id: "free-idle-connections",
      spec: ["A3"],
      risk: "disruptive",
      preview: endWhere(view, chosen.sql, "state = 'idle'", seconds),
      describes: `${count}${of} sessions of ${chosen.who}, idle for over ${duration(seconds)}`,
      consequence,
    }),
  ];
}

/** Of the instances of one program; a person reads them before pasting, and the next look names the next ones. */
const mostNames = 60;

/** From 16 on ids of backends are those in the names of their temporary schemas. */
function seesTemporary(view: View): boolean {
  return (majorOf(view) ?? 0) >= 16;
}

/** What a session keeps beside its transaction, as far as others can see it, and the rest. */
function leftAndLost(view: View): string {
  const seen = seesTemporary(view);
  return `Left alone are sessions with an advisory lock, those whose last statement is too long to be seen whole, those whose last statement was LISTEN${seen ? ", and those with temporary tables in the database where this runs" : ""}. Lost without being seen: cursors WITH HOLD, prepared statements, a LISTEN before other statements${seen ? "" : ", temporary tables"}.`;
}

const withTemporary =
  " AND NOT EXISTS (SELECT FROM pg_stat_get_backend_idset() b JOIN pg_namespace n ON n.nspname = 'pg_temp_' || b JOIN pg_class c ON c.relnamespace = n.oid WHERE pg_stat_get_backend_pid(b) = pg_stat_activity.pid)";

/** What was cut may be a lease, or the comment that wants to be left alone. */
const seenWhole = "octet_length(query) < pg_size_bytes(current_setting('track_activity_query_size')) - 4";

/**
 * Whoever holds an advisory lock has been elected, or does a job that must not run twice; who listens is meant to be
 * idle; whoever carries the comment wants to be left alone. All are asked in the statement that ends.
 * https://www.postgresql.org/docs/current/sql-listen.html
 */
function endWhere(view: View, chosen: string, state: string, seconds: number): string {
  const { policy } = view;
  const wanted = `${seenWhole} AND strpos(lower(query), lower(${sqlLiteral(policy.optOutComment, "postgres")})) = 0 AND query !~* '\\m(un)?listen\\M' AND NOT EXISTS (SELECT FROM pg_locks l WHERE l.pid = pg_stat_activity.pid AND l.locktype = 'advisory')${seesTemporary(view) ? withTemporary : ""}`;
  return `SELECT pid, pg_terminate_backend(pid) FROM pg_stat_activity WHERE ${chosen} AND ${state} AND state_change < now() - interval '${seconds} seconds' AND backend_type = 'client backend' AND pid <> pg_backend_pid() AND ${wanted}`;
}

/**
 * A driver's name ("PostgreSQL JDBC Driver") is the name of many services: only together with user and client does it
 * say whose sessions they are. Null when that is not known, or when one of the names is protected. Names: those of the
 * program's instances, each as it was seen.
 */
function sessionsOf(
  { policy }: View,
  { application, user, client }: Owner,
  names: readonly string[] = [application ?? ""],
): { readonly sql: string; readonly who: string } | null {
  const [first] = names;
  if (!first || !application || user === null) return null;
  const guarded =
    protectedName("user", user, policy.protectedUsers) ??
    protectedName("application", application, policy.protectedApplications);
  if (guarded !== null) return null;
  const literal = (value: string): string => sqlLiteral(value, "postgres");
  const from = client === null ? "client_addr IS NULL" : `client_addr = ${literal(client)}`;
  const several = names.length > 1;
  const called = several ? `IN (${names.map(literal).join(", ")})` : `= ${literal(first)}`;
  const who = several ? `${nameStem(first)} (${names.length} names)` : first;
  return {
    sql: `application_name ${called} AND usename = ${literal(user)} AND ${from}`,
    who: `${who}, user ${user}${client === null ? ", by the local socket" : `, from ${client}`}`,
  };
}
