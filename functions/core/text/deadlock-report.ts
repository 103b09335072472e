import { parseLogLine } from "./log-line.ts";

/**
 * InnoDB's report of a deadlock quotes both statements with their breaks, each behind its transaction and before the
 * next part; whatever else begins with stars, as what the C library says of a crash, is none of it.
 * https://github.com/mysql/mysql-server/blob/8.0/storage/innobase/lock/lock0lock.cc (Deadlock_notifier::notify)
 */
const part =
  /^\*\*\* (?:\(\d{1,6}\) )?(?:TRANSACTION:|HOLDS THE LOCK|WAITING FOR THIS LOCK|CONFLICTING WITH|WE ROLL BACK|TOO DEEP OR LONG SEARCH)/;
/** Stands before a report, and claims nothing but that there was a deadlock. */
const announced = "Transactions deadlock detected";

/** A part, or the head alone that stands before one on a line of its own: MariaDB writes both. */
export function isOfReport(line: string): boolean {
  const text = ownText(line).replace(/^InnoDB:\s*/, "");
  return text === "" || part.test(text) || text.startsWith(announced);
}

type Part = "first" | "transaction" | "lock" | "last";

function partOf(line: string): Part | null {
  const text = ownText(line);
  if (!part.test(text)) return null;
  if (text.startsWith("*** (1) TRANSACTION:")) return "first";
  if (/^\*\*\* \(\d+\) TRANSACTION:/.test(text)) return "transaction";
  return text.startsWith("*** WE ROLL BACK") ? "last" : "lock";
}

/** A statement is shown up to 3,000 bytes; before it stand four lines of its transaction. */
const statementReach = 4096;

/** Where a statement may have begun: behind a transaction, behind the end of a report, or before a text that is cut. */
interface Opened {
  readonly by: "transaction" | "end" | "cut";
  readonly offset: number;
}

/**
 * Lines between a transaction and a part behind it, as far as its statement reaches. A statement may hold what looks
 * like parts; the true one comes behind it all the same. What stands between an end and a beginning may be the server's
 * own between two reports, and what stands before the first transaction of a text that is cut may be either, too.
 */
export function statementsOfDeadlocks(lines: readonly string[], truncated: boolean) {
  const places = { inside: new Set<number>(), unsure: new Set<number>() };
  let opened: Opened | null = truncated ? { by: "cut", offset: 0 } : null;
  let before = -1;
  for (const { at, offset, found } of partsIn(lines)) {
    const reaches = opened !== null && offset - opened.offset <= statementReach;
    const kind = isBetween(opened, found) ? "unsure" : "inside";
    for (let one = before + 1; reaches && one < at; one += 1) places[kind].add(one);
    opened = openedBy(found, offset, opened);
    before = at;
  }
  return places;
}

function partsIn(lines: readonly string[]) {
  let offset = 0;
  return lines.flatMap((line, at) => {
    const begin = offset;
    offset += line.length + 1;
    const found = partOf(line);
    return found === null ? [] : [{ at, offset: begin, found }];
  });
}

/** Whether a line before this part may be the server's own. */
function isBetween(opened: Opened | null, found: Part): boolean {
  return opened?.by === "cut" || (opened?.by === "end" && found === "first");
}

function openedBy(found: Part, offset: number, opened: Opened | null): Opened | null {
  if (found === "first" || found === "transaction") return { by: "transaction", offset };
  return found === "last" && opened?.by === "transaction" ? { ...opened, by: "end" } : opened;
}

/** A line without its head; of a line that has none, all of it. */
function ownText(line: string): string {
  return parseLogLine(line, "mysql")?.text ?? line;
}
