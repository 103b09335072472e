import * as z from "zod";
import type { SqlRow, SqlStatement } from "../../ports.ts";

/** https://dev.mysql.com/doc/refman/8.4/en/innodb-standard-monitor.html */
export const innodbMonitorStatement: SqlStatement = { sql: "SHOW ENGINE INNODB STATUS" };

const answerSchema = z.object({ Status: z.string() });

export function monitorText([row]: readonly SqlRow[]): string {
  return answerSchema.parse(row).Status;
}

/** A transaction that the monitor lists as open. */
export interface ListedTransaction {
  readonly transactionId: string | null;
  readonly sessionId: number | null;
  /** Its view of the data sees nothing of transactions from this number on; null: it has no view now. */
  readonly unseenFrom: number | null;
}

export interface InnodbMonitor {
  /** The number that the next transaction, or the next commit, gets: one sequence for both. */
  readonly nextNumber: number | null;
  /** Purge has removed what transactions committed below this number have left. */
  readonly purgedBelow: number | null;
  /** Views of the data that are open now, those of transactions that are not listed included. */
  readonly openViews: number | null;
  /** MySQL lists what has written only, MariaDB every open transaction. Null when the server cut its text. */
  readonly open: readonly ListedTransaction[] | null;
}

/** What the monitor of MySQL 5.7 to 9 and MariaDB says of transactions, their views and purge. */
export function parseInnodbMonitor(status: string): InnodbMonitor {
  const text = status.replaceAll("\r\n", "\n");
  const section = sectionOf(text, "TRANSACTIONS") ?? "";
  return {
    nextNumber: numberIn(/^Trx id counter (\d+)$/m, section),
    purgedBelow: numberIn(/^Purge done for trx's n:o < (\d+) /m, section),
    openViews: numberIn(/^(\d+) read views open inside InnoDB$/m, sectionOf(text, "ROW OPERATIONS") ?? ""),
    open: isCut(text) ? null : openIn(section),
  };
}

function numberIn(pattern: RegExp, text: string): number | null {
  const found = pattern.exec(text)?.[1];
  return found === undefined ? null : Number(found);
}

/** From the last such heading: a statement's text stands before it and could say the same. */
export function sectionOf(text: string, title: string): string | null {
  const heading = new RegExp(`^-+\\n${title}\\n-+$`, "gm");
  const found = [...text.matchAll(heading)].at(-1);
  if (found === undefined) return null;
  const rest = text.slice(found.index + found[0].length);
  const end = /^-+\n[A-Z][A-Z /]+\n-+$/m.exec(rest)?.index;
  return rest.slice(0, end);
}

/** Above 1 MB the server leaves out transactions in the middle, and says so. */
function isCut(text: string): boolean {
  return /^\.\.\. truncated\.\.\.$/m.test(text) || !/^END OF INNODB MONITOR OUTPUT$/m.test(text);
}

function openIn(section: string): readonly ListedTransaction[] {
  return section
    .split(/^---TRANSACTION /m)
    .slice(1)
    .filter((block) => /^\S+, (?!not started)/.test(block))
    .map((block) => ({
      // MariaDB prints an address in brackets for one that has written nothing.
      transactionId: /^(\d+),/.exec(block)?.[1] ?? null,
      sessionId: numberIn(/^(?:MySQL|MariaDB) thread id (\d+), /m, block),
      unseenFrom: lastNumber(/^Trx read view will not see trx with id >= (\d+), sees < \d+$/gm, block),
    }));
}

/** The statement's text stands before it and could say the same. */
function lastNumber(pattern: RegExp, text: string): number | null {
  const found = [...text.matchAll(pattern)].at(-1)?.[1];
  return found === undefined ? null : Number(found);
}
