import type { SqlValue } from "../../ports.ts";
import { mysqlAdministrator } from "./mysql-administrator.ts";
import { killByHand, sameSecond, transactionAsOld } from "./processlist-kill.ts";
import type { SessionTarget } from "./session-target.ts";
import type { SignalOptions, Signals, Way } from "./signals.ts";

/** The statement key begins with the statement's event id; event ids of a thread only grow. */
export function eventIdOf({ statementKey }: SessionTarget): number | null {
  const digits = /^\d+/.exec(statementKey ?? "")?.[0];
  return digits === undefined ? null : Number(digits);
}

export function sinceOf({ stateSince }: SessionTarget): number | null {
  return /^\d+$/.test(stateSince ?? "") ? Number(stateSince) : null;
}

/** Level 0: the client's own statement, and not one inside a procedure that it calls. */
export const joins = `LEFT JOIN performance_schema.threads t ON t.PROCESSLIST_ID = p.ID
LEFT JOIN performance_schema.events_statements_current e
  ON e.THREAD_ID = t.THREAD_ID AND e.NESTING_EVENT_LEVEL = 0`;

interface Condition {
  readonly sql: string;
  readonly params: readonly SqlValue[];
}

/** What the session was seen at, proved in the acting statement: the statement, or the idle period after it. */
function sameWork(input: SessionTarget): Condition {
  const event = eventIdOf(input);
  const since = sinceOf(input);
  if (input.state === "other") return { sql: "p.COMMAND <> 'Killed'", params: [] };
  const active = input.state === "active";
  const command = active ? "p.COMMAND NOT IN ('Sleep', 'Killed')" : "p.COMMAND = 'Sleep'";
  if (event !== null) {
    // The last statement's event stays until the next one begins.
    const same = active ? "e.EVENT_ID = ? AND e.END_EVENT_ID IS NULL" : "e.EVENT_ID = ?";
    return { sql: `${command} AND ${same}`, params: [event] };
  }
  const inTransaction = input.state.startsWith("idle-in-transaction");
  const conditions: readonly Condition[] = [
    { sql: command, params: [] },
    ...(since === null ? [] : [{ sql: sameSecond, params: [since] }]),
    ...(inTransaction
      ? [{ sql: transactionAsOld, params: [Math.floor(input.seenTransactionSeconds ?? 0)] }]
      : []),
  ];
  return {
    sql: conditions.map(({ sql }) => sql).join(" AND "),
    params: conditions.flatMap(({ params }) => params),
  };
}

/** "FROM … WHERE …", over p. */
function identity(input: SessionTarget, spares: boolean): Condition {
  const work = sameWork(input);
  return {
    sql: `FROM information_schema.PROCESSLIST p
${joins}
WHERE p.ID = ? AND CONCAT(p.USER, '@', p.HOST) = ? AND p.ID <> CONNECTION_ID()
  AND p.COMMAND NOT LIKE 'Binlog Dump%' AND p.USER NOT IN ('system user', 'event_scheduler', 'rdsadmin')
  AND ${work.sql}${spares ? `\n  AND NOT ${mysqlAdministrator}` : ""}
LIMIT 1`,
    params: [input.sessionId, input.sessionKey, ...work.params],
  };
}

/**
 * The procedure's argument is the identity itself, so that the server resolves and kills in one statement; 0 is no
 * session's id. Connection ids do not come back while the server is up: the victim is always the session that was
 * judged. What is left of the race is what that session does between the argument and the KILL in the procedure,
 * well under a millisecond: a COMMIT that arrives together with the kill may be followed by the next BEGIN.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/mysql-stored-proc-ending.html
 */
function byProcedure(procedure: string, { sql, params }: Condition): Way {
  return {
    kind: "names-id",
    act: { sql: `CALL mysql.${procedure}(COALESCE((SELECT p.ID ${sql}), 0))`, params },
  };
}

/**
 * KILL accepts no subquery over tables (error 1235), so the identity is checked on the same connection one round
 * trip earlier: the widest window of all ways, in which the statement may end and another begin. The id itself
 * cannot change hands. https://dev.mysql.com/doc/refman/8.4/en/kill.html
 */
function byKill(kill: string, { sessionId }: SessionTarget, { sql, params }: Condition): Way {
  return {
    kind: "check-then-act",
    check: { sql: `SELECT p.ID ${sql}`, params },
    act: { sql: `${kill} ${Math.trunc(sessionId)}` },
    byHand: killByHand(kill, "p.ID", { sql, params }),
  };
}

/** On RDS KILL is allowed for own threads only; elsewhere the procedures do not exist. The other way is the fallback. */
function ways(
  kill: string,
  procedure: string,
  input: SessionTarget,
  { target, spares }: SignalOptions,
): readonly Way[] {
  const same = identity(input, spares);
  const both = [byProcedure(procedure, same), byKill(kill, input, same)];
  return target.flavour === "self-managed" ? both.reverse() : both;
}

export const mysqlSignals: Signals = {
  cancel: (input, options) => ways("KILL QUERY", "rds_kill_query", input, options),
  terminate: (input, options) => ways("KILL", "rds_kill", input, options),
  cancelBeforeTerminate: false,
};
