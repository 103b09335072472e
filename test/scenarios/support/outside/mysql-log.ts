import type { LogPortion } from "../../../../functions/core/context-ports.ts";
import { ago } from "./described.ts";

/** One line of an error log of MySQL 8 as RDS and Aurora write it. */
export function mysqlErrorLine(minutes: number, thread: number, says: string): string {
  return `${ago(minutes).toISOString().replace("Z", "317Z")} ${thread} ${says}`;
}

/** One line of an error log of MariaDB: the hour has no zero before it. */
export function mariadbErrorLine(minutes: number, thread: number, says: string): string {
  const at = ago(minutes).toISOString();
  const hour = String(Number(at.slice(11, 13))).padStart(2, " ");
  return `${at.slice(0, 10)} ${hour}${at.slice(13, 19)} ${thread} ${says}`;
}

/** The error log that is being written, with these lines, oldest first. */
export function mysqlErrorLog(lines: readonly string[], minutes: number): LogPortion {
  return portion("error/mysql-error-running.log", "error", lines, minutes);
}

export interface SlowStatement {
  readonly minutes: number;
  readonly user: string;
  readonly host: string;
  readonly thread: number;
  readonly seconds: number;
  readonly sent: number;
  readonly examined: number;
  readonly sql: string;
}

/** The end of the slow log as MySQL 8 writes it to a file (log_output = FILE), oldest first. */
export function slowLog(statements: readonly SlowStatement[], minutes: number): LogPortion {
  const lines = statements.flatMap((each) => {
    const at = ago(each.minutes);
    return [
      `# Time: ${at.toISOString().replace("Z", "204Z")}`,
      `# User@Host: ${each.user}[${each.user}] @  [${each.host}]  Id: ${each.thread}`,
      `# Query_time: ${each.seconds.toFixed(6)}  Lock_time: 0.000004 Rows_sent: ${each.sent}  Rows_examined: ${each.examined}`,
      `SET timestamp=${Math.floor(at.getTime() / 1000 - each.seconds)};`,
      `${each.sql};`,
    ];
  });
  return { ...portion("slowquery/mysql-slowquery.log", "slow", lines, minutes), truncated: true };
}

function portion(
  file: string,
  kind: LogPortion["kind"],
  lines: readonly string[],
  minutes: number,
): LogPortion {
  return {
    file,
    kind,
    lastWrittenAt: ago(minutes).toISOString(),
    truncated: false,
    text: `${lines.join("\n")}\n`,
  };
}
