import type { Session } from "../../contract/session.ts";
import type { TransactionRow } from "./innodb-transactions.ts";
import type { ProcessRow, StatementRow } from "./snapshot-sql.ts";

interface AgeParts {
  readonly process: ProcessRow;
  /** Undefined where it is not known whether there is one. */
  readonly transaction: TransactionRow | null | undefined;
  readonly statement: StatementRow | null;
}

/** How long a session has been at what it is at. */
export function agesOf(
  parts: AgeParts,
  state: Session["state"],
): Pick<Session, "stateSeconds" | "stateAtMostSeconds" | "statementSeconds"> {
  const atMost = parts.process.seconds === null ? null : Math.max(0, parts.process.seconds);
  const seconds = atMost === null ? null : idleSeconds(parts, atMost);
  const statementSeconds = state === "active" ? runningSeconds(parts, seconds) : null;
  return {
    stateSeconds: statementSeconds ?? seconds,
    ...(seconds === null && atMost !== null ? { stateAtMostSeconds: atMost } : {}),
    statementSeconds,
  };
}

/**
 * MySQL counts a sleep from when the statement before it began: who has just got a lock after a minute, and thinks for a
 * moment before it commits, would pass for idle for a minute. Its statement tells when it ended; and where it runs one,
 * a moment after the sessions were read, it was not idle for long. MariaDB begins anew by itself. Null where nothing
 * tells: who is in a transaction may be at work. Elsewhere nobody is ended for it, and leaks are counted by it.
 */
function idleSeconds({ process, statement, transaction }: AgeParts, seconds: number): number | null {
  if (process.command !== "Sleep" || process.query_id !== null) return seconds;
  if (statement === null) return transaction ? null : seconds;
  if (statement.running) return 0;
  const ended = statement.ended_seconds ?? seconds - Math.round(statement.seconds ?? 0);
  return Math.max(0, Math.min(seconds, Math.round(ended * 1000) / 1000));
}

/** The statement's own timer counts finer than the process list, which MySQL keeps in whole seconds. */
function runningSeconds({ process, statement }: AgeParts, seconds: number | null): number | null {
  const timed = process.query_id === null && statement?.running ? statement.seconds : null;
  return timed === null ? seconds : Math.round(timed * 1000) / 1000;
}
