import type { SqlValue } from "../../ports.ts";
import { postgresAdministrators } from "../../text/rds-administrators.ts";
import type { SessionTarget } from "./session-target.ts";
import type { Signals, Way } from "./signals.ts";

type Param = (next: SqlValue) => string;

/**
 * The keys are text as probes/postgres-session-row.ts reads it: backend_start, and query_start with the md5 of the
 * statement. Read back as timestamps with their offset, they mean the same under any TimeZone and DateStyle.
 * https://www.postgresql.org/docs/current/monitoring-stats.html#MONITORING-PG-STAT-ACTIVITY-VIEW
 */
function statementOf({ statementKey }: SessionTarget): { start: string; md5: string } | null {
  if (statementKey === null) return null;
  const cut = statementKey.lastIndexOf(" ");
  return { start: statementKey.slice(0, cut), md5: statementKey.slice(cut + 1) };
}

export function sameStatement(input: SessionTarget, param: Param): string | null {
  const statement = statementOf(input);
  if (statement === null) return null;
  return `a.query_start = ${param(statement.start)}::timestamptz and md5(a.query) = ${param(statement.md5)}`;
}

/**
 * The transaction that was seen began no later than the statement that was seen in it; one that begins after that
 * is another. So the statement's start tells them apart however long an approval took. Without it only the age is
 * left, which a newer transaction reaches too.
 */
export function sameTransaction(input: SessionTarget, param: Param): string {
  const start = statementOf(input)?.start;
  if (start !== undefined) return `a.xact_start <= ${param(start)}::timestamptz`;
  return `a.xact_start <= clock_timestamp() - ${param(input.seenTransactionSeconds ?? 0)}::float8 * interval '1 second'`;
}

/** The idle period that was seen: every statement, and every other call, begins another. */
export function sameIdle(input: SessionTarget, param: Param): string | null {
  const since = input.stateSince === null ? null : `a.state_change = ${param(input.stateSince)}::timestamptz`;
  const parts = [sameStatement(input, param), since].filter((part) => part !== null);
  return parts.length === 0 ? null : parts.join("\n  and ");
}

export function params(...first: SqlValue[]): { readonly values: SqlValue[]; readonly param: Param } {
  const values = [...first];
  return { values, param: (next) => `$${values.push(next)}` };
}

const serverStates = {
  active: ["a.state in ('active', 'fastpath function call')"],
  idle: ["a.state = 'idle'"],
  "idle-in-transaction": ["a.state = 'idle in transaction'"],
  "idle-in-transaction-aborted": ["a.state = 'idle in transaction (aborted)'"],
  other: [],
} as const satisfies Record<SessionTarget["state"], readonly string[]>;

/** A parameter that the statement does not use has no type, which is an error: each branch takes only its own. */
function sameWork(input: SessionTarget, param: Param): readonly string[] {
  const work = input.state === "active" ? sameStatement(input, param) : sameIdle(input, param);
  return [
    ...(input.state.startsWith("idle-in-transaction") ? [sameTransaction(input, param)] : []),
    ...(work === null ? [] : [work]),
  ];
}

/**
 * pg_stat_get_activity is what pg_stat_activity reads, without the view's joins: they would stand between the look
 * and the signal. The role comes first, through the function's argument, for the same reason.
 *
 * What is left of the race: the time between the server's look at its own table of sessions and the signal, a few
 * microseconds of work, more when the backend loses its processor in between. The session is the right one even
 * then, but it may have ended what it was judged for: a commit that arrives together with the signal.
 * https://www.postgresql.org/docs/current/functions-admin.html#FUNCTIONS-ADMIN-SIGNAL
 */
function acting(call: string, input: SessionTarget, spares: boolean): readonly Way[] {
  const { values, param } = params(input.sessionId, input.sessionKey, input.user);
  const conditions = [
    "a.pid = $1",
    "a.backend_start = $2::timestamptz",
    "a.usesysid = r.oid",
    `a.application_name = ${param(input.application ?? "")}`,
    "a.backend_type = 'client backend'",
    "a.pid <> pg_backend_pid()",
    ...serverStates[input.state],
    // Committed here already: a signal would only keep it from its replica.
    ...(input.state === "active" ? ["a.wait_event is distinct from 'SyncRep'"] : []),
    ...sameWork(input, param),
  ];
  const spared = spares ? ` and oid not in (${postgresAdministrators})` : "";
  const sql = `select a.pid, ${call}(a.pid) as signalled
from (select oid from pg_roles where rolname = $3 and not rolsuper${spared}) r,
  pg_stat_get_activity(case when r.oid is not null then $1::integer end) a
where ${conditions.join("\n  and ")}`;
  return [{ kind: "answers-rows", act: { sql, params: values } }];
}

export const postgresSignals: Signals = {
  cancel: (input, { spares }) => acting("pg_cancel_backend", input, spares),
  terminate: (input, { spares }) => acting("pg_terminate_backend", input, spares),
  cancelBeforeTerminate: true,
};
