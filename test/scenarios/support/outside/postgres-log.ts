import type { LogPortion } from "../../../../functions/core/context-ports.ts";
import { ago } from "./described.ts";

/** Who a line of RDS's log_line_prefix `%t:%r:%u@%d:[%p]:` speaks of; a process of the server has no client. */
export interface LogClient {
  readonly host?: string;
  readonly user?: string;
  readonly database?: string;
  readonly pid: number;
}

/** One line as RDS for PostgreSQL writes it. */
export function logged(minutes: number, { host, user, database, pid }: LogClient, says: string): string {
  const at = `${ago(minutes).toISOString().slice(0, 19).replace("T", " ")} UTC`;
  return `${at}:${host ?? ""}:${user ?? ""}@${database ?? ""}:[${pid}]:${says}`;
}

/** The newest error log with these lines, oldest first. */
export function errorLog(lines: readonly string[], minutes: number): LogPortion {
  return {
    file: `error/postgresql.log.${ago(minutes).toISOString().slice(0, 13).replace("T", "-")}00`,
    kind: "error",
    lastWrittenAt: ago(minutes).toISOString(),
    truncated: false,
    text: `${lines.join("\n")}\n`,
  };
}
