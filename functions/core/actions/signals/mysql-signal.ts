import type { Target } from "../../contract/target.ts";
import type { SqlStatement, SqlValue } from "../../ports.ts";
import { mysqlLook, transactionAsOld } from "./mysql-look.ts";
import type { SessionTarget } from "./session-target.ts";
import type { Signals, Way } from "./signals.ts";

/** The statement key begins with the statement's event id; event ids of a thread only grow. */
function eventIdOf({ statementKey }: SessionTarget): number | null {
  const digits = /^\d+/.exec(statementKey ?? "")?.[0];
  return digits === undefined ? null : Number(digits);
}

/** Level 0: the client's own statement, and not one inside a procedure that it calls. */
const joins = `LEFT JOIN performance_schema.threads t ON t.PROCESSLIST_ID = p.ID
LEFT JOIN performance_schema.events_statements_current e
  ON e.THREAD_ID = t.THREAD_ID AND e.NESTING_EVENT_LEVEL = 0`;

/** An open transaction that was begun by the statement that was seen, or by an earlier one. */
const begunUpTo = `(SELECT MAX(b.NESTING_EVENT_ID) FROM performance_schema.events_transactions_current b
    WHERE b.THREAD_ID = t.THREAD_ID AND b.END_EVENT_ID IS NULL) <= ?`;

function look(input: SessionTarget): SqlStatement {
  const event = eventIdOf(input);
  return mysqlLook(input.sessionId, input.sessionKey, {
    sameStatement: event === null ? "NULL" : "COALESCE(e.EVENT_ID = ?, FALSE)",
    // A session that has run nothing since is in the same transaction even where transactions are not recorded.
    sameTransaction: event === null ? "NULL" : `COALESCE(e.EVENT_ID = ? OR ${begunUpTo}, FALSE)`,
    lastText: "e.SQL_TEXT",
    joins,
    params: event === null ? [] : [event, event, event],
  });
}

interface Condition {
  readonly sql: string;
  readonly params: readonly SqlValue[];
}

function sameWork(input: SessionTarget): Condition {
  const event = eventIdOf(input);
  switch (input.state) {
    case "active":
      return event === null
        ? { sql: "p.COMMAND <> 'Sleep'", params: [] }
        : { sql: "p.COMMAND <> 'Sleep' AND e.EVENT_ID = ? AND e.END_EVENT_ID IS NULL", params: [event] };
    case "idle-in-transaction":
    case "idle-in-transaction-aborted":
      return event === null
        ? {
            sql: `p.COMMAND = 'Sleep' AND ${transactionAsOld}`,
            params: [Math.floor(input.seenTransactionSeconds ?? 0)],
          }
        : { sql: `p.COMMAND = 'Sleep' AND (e.EVENT_ID = ? OR ${begunUpTo})`, params: [event, event] };
    case "idle":
      return event === null
        ? { sql: "p.COMMAND = 'Sleep'", params: [] }
        : { sql: "p.COMMAND = 'Sleep' AND e.EVENT_ID = ?", params: [event] };
    case "other":
      return { sql: "p.COMMAND <> 'Killed'", params: [] };
    default:
      return input.state satisfies never;
  }
}

function identity(input: SessionTarget): Condition {
  const work = sameWork(input);
  return {
    sql: `SELECT p.ID FROM information_schema.PROCESSLIST p
${joins}
WHERE p.ID = ? AND CONCAT(p.USER, '@', p.HOST) = ? AND p.ID <> CONNECTION_ID()
  AND p.COMMAND NOT LIKE 'Binlog Dump%' AND p.USER NOT IN ('system user', 'event_scheduler', 'rdsadmin')
  AND ${work.sql}
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
function byProcedure(procedure: string, input: SessionTarget): Way {
  const { sql, params } = identity(input);
  return { kind: "names-id", act: { sql: `CALL mysql.${procedure}(COALESCE((${sql}), 0))`, params } };
}

/**
 * KILL accepts no subquery over tables (error 1235), so the identity is checked on the same connection one round
 * trip earlier: the widest window of all ways, in which the statement may end and another begin. The id itself
 * cannot change hands. https://dev.mysql.com/doc/refman/8.4/en/kill.html
 */
function byKill(kill: string, input: SessionTarget): Way {
  const { sql, params } = identity(input);
  return {
    kind: "check-then-act",
    check: { sql, params },
    act: { sql: `${kill} ${Math.trunc(input.sessionId)}` },
  };
}

/** On RDS KILL is allowed for own threads only; elsewhere the procedures do not exist. The other way is the fallback. */
function ways(kill: string, procedure: string, input: SessionTarget, { flavour }: Target): readonly Way[] {
  const both = [byProcedure(procedure, input), byKill(kill, input)];
  return flavour === "self-managed" ? both.reverse() : both;
}

export const mysqlSignals: Signals = {
  look,
  cancel: (input, target) => ways("KILL QUERY", "rds_kill_query", input, target),
  terminate: (input, target) => ways("KILL", "rds_kill", input, target),
  cancelBeforeTerminate: false,
};
