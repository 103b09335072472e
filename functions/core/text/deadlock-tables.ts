import { isOfReport } from "./deadlock-report.ts";

const announces = /[\]:] Transactions deadlock detected\b/;
const ends = /\*\*\* WE ROLL BACK TRANSACTION\b/;
/** https://github.com/mysql/mysql-server/blob/8.0/storage/innobase/lock/lock0lock.cc (lock_rec_print, lock_table_print) */
const lock =
  /^(?:RECORD LOCKS space id \d{1,10} page no \d{1,10} n bits \d{1,10} index .{1,70} of table|TABLE LOCK table) (`[^`]{1,64}`\.`[^`]{1,64}`)(?: \/\* Partition [^*]{1,160}\*\/)? trx id \d/;
/** Behind it stands a lock; a statement may hold lines that look like one. */
const lockPart = /\*\*\* (?:\(\d{1,6}\) )?(?:HOLDS THE LOCK|WAITING FOR THIS LOCK|CONFLICTING WITH)/;
/** A report of two transactions has four locks, and some rows and their columns behind each. */
const reach = 400;
const mostTables = 3;
const joint = " Rows of: ";

/** The lines with the tables of each deadlock that InnoDB reports on the line that announces it. */
export function withDeadlockTables(lines: readonly string[]): readonly string[] {
  const joined = [...lines];
  let first: number | null = null;
  let tables: readonly string[] = [];
  lines.forEach((line, at) => {
    if (announces.test(line)) [first, tables] = [at, []];
    const [, table] = lockPart.test(lines[at - 1] ?? "") ? (lock.exec(line) ?? []) : [];
    if (first !== null && table !== undefined && !tables.includes(table) && tables.length < mostTables) {
      tables = [...tables, table];
      joined[first] = `${lines[first]}${joint}${tables.join(", ")}`;
    }
    if (ends.test(line) || (first !== null && at - first >= reach)) first = null;
  });
  return joined;
}

/** Heads of a report's parts say nothing by themselves, and take the room of others. */
export function withoutDeadlockParts(lines: readonly string[]): readonly string[] {
  return lines.map((line) => (isOfReport(line) && !announces.test(line) ? "" : line));
}

/** Of a line that announces a deadlock, its tables as "shop.orders"; empty where none is told. */
export function deadlockTables(text: string): readonly string[] {
  const at = text.indexOf(joint);
  return at < 0
    ? []
    : text
        .slice(at + joint.length)
        .replaceAll("`", "")
        .split(", ");
}
