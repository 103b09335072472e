import { parseLogLine } from "./log-line.ts";

/** What begins a text of clients that goes over lines, and what ends it; so many lines at most. */
interface Quoted {
  readonly begins: RegExp;
  /** On the same line or on a later one. Where it never comes, nothing is left out. */
  readonly ends: RegExp;
  readonly lines: number;
}

/**
 * A crash's statement, one that replication could not run, and the name of who was refused: MariaDB writes its breaks as
 * they are.
 */
const quoted: readonly Quoted[] = [
  { begins: /^Query \((?:0x)?[\da-f]{1,16}\): /, ends: /^Connection ID \(thread ID\): \d+$/, lines: 200 },
  {
    begins: /\bQuery: '/,
    ends: /', (?:Error_code: |Gtid |Internal MariaDB error code: )[\w-]/,
    lines: 50,
  },
  {
    begins: /\bAccess denied for user '/,
    ends: /'@'[^']*'(?: \(using password: (?:YES|NO)\)|\. Account is locked\.)\s*$/,
    lines: 4,
  },
];

/**
 * The lines of an error log of MySQL or MariaDB but those of statements and names within others, which may look like the
 * server's own. Of InnoDB's report of a deadlock, which quotes both statements, those that begin with `***` stay.
 * https://github.com/mysql/mysql-server/blob/8.0/storage/innobase/lock/lock0lock.cc (DeadlockChecker::notify)
 */
export function mysqlOwnLines(lines: readonly string[]): readonly string[] {
  const inside = new Set([...insideQuotes(lines), ...insideDeadlocks(lines)]);
  return lines.filter((_, at) => !inside.has(at));
}

function insideQuotes(lines: readonly string[]): readonly number[] {
  const inside: number[] = [];
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? "";
    const kind = quoted.find(({ begins }) => begins.test(line));
    if (kind === undefined || kind.ends.test(line)) continue;
    const behind = lines.slice(at + 1, at + 1 + kind.lines).findIndex((next) => kind.ends.test(next));
    for (let more = 1; more <= behind + 1; more += 1) inside.push(at + more);
    at += behind + 1;
  }
  return inside;
}

type Part = "announced" | "first" | "middle" | "last";

function partOf(line: string): Part | null {
  const text = parseLogLine(line, "mysql")?.text ?? line;
  if (text.startsWith("Transactions deadlock detected")) return "announced";
  if (!text.startsWith("*** ")) return null;
  if (text.startsWith("*** (1) TRANSACTION")) return "first";
  return text.startsWith("*** WE ROLL BACK") ? "last" : "middle";
}

/** What is met from its middle on, or goes on behind what seemed its end, is a part of one as well. */
function insideDeadlocks(lines: readonly string[]): readonly number[] {
  const inside: number[] = [];
  let outside: number[] = [];
  let within = false;
  for (const [at, line] of lines.entries()) {
    const part = partOf(line);
    if (part === null || (within && part === "announced")) {
      (within ? inside : outside).push(at);
      continue;
    }
    if (!within && (part === "middle" || part === "last")) inside.push(...outside);
    outside = [];
    within = part === "first" || part === "middle";
  }
  return inside;
}
