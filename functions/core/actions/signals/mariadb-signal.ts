import type { SqlValue } from "../../ports.ts";
import { mariadbAdministrator } from "./mysql-administrator.ts";
import { killByHand, transactionAsOld } from "./processlist-kill.ts";
import type { SessionTarget } from "./session-target.ts";
import type { SignalOptions, Signals, Way } from "./signals.ts";

/** Query ids are given out once while the server is up; an idle session keeps the id of its last query. */
export function queryIdOf({ statementKey }: SessionTarget): number | null {
  const digits = /^\d+/.exec(statementKey ?? "")?.[0];
  return digits === undefined ? null : Number(digits);
}

function identity(
  input: SessionTarget,
  spares: boolean,
): { readonly sql: string; readonly params: readonly SqlValue[] } {
  const query = queryIdOf(input);
  const command = input.state === "active" ? "p.COMMAND NOT IN ('Sleep', 'Killed')" : "p.COMMAND = 'Sleep'";
  const idleTransaction = query === null && input.state.startsWith("idle-in-transaction");
  const conditions = [
    "p.ID = ?",
    "CONCAT(p.USER, '@', p.HOST) = ?",
    "p.ID <> CONNECTION_ID()",
    "p.COMMAND NOT LIKE 'Binlog Dump%'",
    "p.USER NOT IN ('system user', 'event_scheduler', 'rdsadmin')",
    ...(input.state === "other" ? [] : [command]),
    ...(query === null ? [] : ["p.QUERY_ID = ?"]),
    ...(idleTransaction ? [transactionAsOld] : []),
    ...(spares ? [`NOT ${mariadbAdministrator}`] : []),
  ];
  return {
    sql: conditions.join("\n  AND "),
    params: [
      input.sessionId,
      input.sessionKey,
      ...(query === null ? [] : [query]),
      ...(idleTransaction ? [Math.floor(input.seenTransactionSeconds ?? 0)] : []),
    ],
  };
}

type Identity = ReturnType<typeof identity>;
type Column = "ID" | "QUERY_ID";

function byProcedure(procedure: string, column: Column, { sql, params }: Identity): Way {
  const argument = `SELECT p.${column} FROM information_schema.PROCESSLIST p\nWHERE ${sql}`;
  return { kind: "names-id", act: { sql: `CALL mysql.${procedure}(COALESCE((${argument}), 0))`, params } };
}

/**
 * A compound statement outside a stored program: identity and KILL reach the server as one. A client would cut it at
 * its semicolons. https://mariadb.com/kb/en/using-compound-statements-outside-of-stored-programs/
 */
function byKill(kill: string, column: Column, { sql, params }: Identity): Way {
  return {
    kind: "names-id",
    act: {
      sql: `BEGIN NOT ATOMIC
DECLARE victim BIGINT DEFAULT 0;
SELECT COALESCE(MAX(p.${column}), 0) INTO victim FROM information_schema.PROCESSLIST p
WHERE ${sql};
${kill} victim;
END`,
      params,
    },
    byHand: killByHand(kill, `p.${column}`, {
      sql: `FROM information_schema.PROCESSLIST p\nWHERE ${sql}`,
      params,
    }),
  };
}

/**
 * What is left of the race: nothing for a statement, since KILL QUERY ID names the query itself and no later one
 * can have its id. For a session: microseconds in which it may begin another statement; its id cannot change hands.
 * https://mariadb.com/kb/en/kill/
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/mysql-rds-kill-query-id.html
 */
function ways(
  procedure: string,
  kill: string,
  column: Column,
  input: SessionTarget,
  { target, spares }: SignalOptions,
): readonly Way[] {
  const same = identity(input, spares);
  const both = [byProcedure(procedure, column, same), byKill(kill, column, same)];
  return target.flavour === "self-managed" ? both.reverse() : both;
}

export const mariadbSignals: Signals = {
  cancel: (input, options) => ways("rds_kill_query_id", "KILL QUERY ID", "QUERY_ID", input, options),
  terminate: (input, options) => ways("rds_kill", "KILL", "ID", input, options),
  cancelBeforeTerminate: false,
};
