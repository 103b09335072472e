import type { ConnectOptions, ServerInfo } from "../../core/ports.ts";

export const serverQuestion = "SELECT VERSION() AS version, CONNECTION_ID() AS id, CURRENT_USER() AS account";

/** The server's own word counts, not what the target was said to be: the limits below differ. */
export function serverInfo(row: Readonly<Record<string, unknown>> | undefined): ServerInfo {
  const version = row?.["version"];
  const id = Number(row?.["id"]);
  const major = /^(?:5\.5\.5-)?(\d+\.\d+)/.exec(typeof version === "string" ? version : "")?.[1];
  if (typeof version !== "string" || major === undefined || !Number.isSafeInteger(id)) {
    throw new Error("the server did not say which version it is");
  }
  return {
    engine: /mariadb/i.test(version) ? "mariadb" : "mysql",
    version,
    major: Number(major),
    backendId: id,
    ...accountOf(row?.["account"]),
  };
}

/** "name@host", of which only the host has no @ in it. */
function accountOf(current: unknown): { readonly account?: string } {
  if (typeof current !== "string") return {};
  const at = current.lastIndexOf("@");
  const quoted = [current.slice(0, at), current.slice(at + 1)].map(
    (part) => `'${part.replaceAll("'", "''")}'`,
  );
  return at < 0 ? {} : { account: quoted.join("@") };
}

/**
 * One SET for everything. The lock limits count in whole seconds and their lowest value is 1, so that
 * `lockTimeoutMs: 500` becomes one second; no probe takes a row lock or waits for a table of the application.
 * The sql_mode leaves backslash escapes and backticks what the driver's quoting takes them for.
 * https://dev.mysql.com/doc/refman/8.4/en/server-system-variables.html
 * https://mariadb.com/kb/en/server-system-variables/
 */
export function sessionSettings(server: ServerInfo, options: ConnectOptions): string {
  const lockSeconds = Math.max(1, Math.ceil(options.lockTimeoutMs / 1000));
  const readOnly = server.engine === "mariadb" ? "tx_read_only" : "transaction_read_only";
  const settings = {
    autocommit: 1,
    sql_mode: "'ONLY_FULL_GROUP_BY,STRICT_TRANS_TABLES,NO_ENGINE_SUBSTITUTION'",
    time_zone: "'+00:00'",
    lock_wait_timeout: lockSeconds,
    innodb_lock_wait_timeout: lockSeconds,
    // What is left when this process dies between two statements.
    wait_timeout: 60 + Math.ceil(options.statementTimeoutMs / 1000),
    [readOnly]: options.purpose === "probe" ? 1 : 0,
  };
  const all = Object.entries(settings).map(([name, value]) => `SESSION ${name} = ${value}`);
  return `SET ${[...all, statementLimit(server, options.statementTimeoutMs)].join(", ")}`;
}

/**
 * MySQL's limit counts milliseconds and holds for SELECT only; MariaDB's counts seconds and holds for everything.
 * https://dev.mysql.com/doc/refman/8.4/en/server-system-variables.html#sysvar_max_execution_time
 * https://mariadb.com/kb/en/server-system-variables/#max_statement_time
 */
export function statementLimit(server: ServerInfo, milliseconds: number): string {
  const whole = Math.max(1, Math.round(milliseconds));
  return server.engine === "mariadb"
    ? `SESSION max_statement_time = ${whole / 1000}`
    : `SESSION max_execution_time = ${whole}`;
}
