import { isOfReport, statementsOfDeadlocks } from "./deadlock-report.ts";
import { parseLogLine } from "./log-line.ts";

/** What begins a statement that goes over lines, and what ends it; so many lines at most. */
interface Quoted {
  readonly begins: RegExp;
  /** On the same line or on a later one. Where it never comes, nothing is left out. */
  readonly ends: RegExp;
  readonly lines: number;
}

/** A crash's statement, and one that replication could not run. */
const quoted: readonly Quoted[] = [
  { begins: /^Query \((?:0x)?[\da-f]{1,16}\): /, ends: /^Connection ID \(thread ID\): \d+$/, lines: 200 },
  {
    begins: /\bQuery: '/,
    ends: /', (?:Error_code: |Gtid |Internal MariaDB error code: )[\w-]/,
    lines: 50,
  },
];

/** A message with names that its client chose, without any password: MariaDB writes their line breaks as they are. */
interface Named {
  /** Up to the first name. */
  readonly begins: RegExp;
  /** From the quote that ends the last name. */
  readonly ends: RegExp;
  /** So many characters of names at most: of a user 128, of a database 64. */
  readonly reach: number;
}

const named: readonly Named[] = [
  {
    begins: /\bAccess denied for user '/,
    ends: /'@'[^']*'(?: \(using password: (?:YES|NO)\)|\. Account is locked\.)?\s*$/,
    reach: 128,
  },
  {
    begins: /\bAborted connection \d+ to db: '/,
    ends: /' host: '[^']*' \([^()]*\)\s*$/,
    reach: 64 + "' user: '".length + 128,
  },
];

/** The lines of an error log without those that clients wrote, as far as it can be told. */
export interface OwnLines {
  readonly lines: readonly string[];
  /** Places in `lines` of those that are the server's own or a client's: which, cannot be told. */
  readonly doubted: ReadonlySet<number>;
  /** So many that were left out could be read as the server's own, as one that another thread wrote in between. */
  readonly hidden: number;
}

/**
 * The lines of an error log of MySQL or MariaDB but those of statements and names within others, which may look like the
 * server's own. `truncated`: the first line may stand inside a statement. `told`: the same lines as they are to be told.
 */
export function mysqlOwnLines(
  all: readonly string[],
  truncated: boolean,
  told: readonly string[] = all,
): OwnLines {
  const names = linesOfNames(all);
  const quotes = new Set(insideQuotes(all, names));
  const places = [...all.keys()].filter((at) => !quotes.has(at) && !names.inside.has(at));
  const lines = places.map((at) => all[at] ?? "");
  const deadlocks = statementsOfDeadlocks(lines, truncated);
  const kept = places.filter((_, at) => !deadlocks.inside.has(at));
  const unsure = new Set([...names.unsure, ...[...deadlocks.unsure].map((at) => places[at] ?? -1)]);
  const hidden = [...quotes, ...[...deadlocks.inside].map((at) => places[at] ?? -1)];
  const isOwn = (at: number) => parseLogLine(all[at] ?? "", "mysql") !== null && !isOfReport(all[at] ?? "");
  const isDoubted = (at: number) => unsure.has(at) && isOwn(at) && claims(all[at] ?? "");
  return {
    lines: kept.map((at) => told[at] ?? ""),
    doubted: new Set([...kept.keys()].filter((at) => isDoubted(kept[at] ?? -1))),
    hidden: hidden.filter(isOwn).length,
  };
}

/** A note of everyday work claims nothing, whoever wrote it. */
function claims(line: string): boolean {
  const { level, text } = parseLogLine(line, "mysql") ?? { level: "", text: line };
  return !/^note$/i.test(level) || /crash|shutdown normally/i.test(text);
}

/** Places of lines. */
interface Places {
  /** They belong to a name. */
  readonly inside: Set<number>;
  /** They may. */
  readonly unsure: Set<number>;
  /** They begin a message with names. */
  readonly begin: Set<number>;
}

/**
 * A name may hold what looks like the end of its message, and lines behind it: all that stands before another such end
 * may be its own, as far as names reach.
 */
function linesOfNames(lines: readonly string[]): Places {
  const places: Places = { inside: new Set(), unsure: new Set(), begin: new Set() };
  for (const [at, line] of lines.entries()) {
    const kind = named.find(({ begins }) => begins.test(line));
    if (kind === undefined) continue;
    places.begin.add(at);
    const { ends, reached } = endsBehind(lines, at, kind);
    const isClosed = kind.ends.test(line);
    let from = at + 1;
    for (const [index, end] of ends.entries()) {
      const kept = index === 0 && !isClosed ? places.inside : places.unsure;
      for (; from <= end; from += 1) kept.add(from);
    }
    for (; !isClosed && ends.length === 0 && from < reached; from += 1) places.unsure.add(from);
  }
  return places;
}

/** Later lines that may end the message, and the first line that its names do not reach. */
function endsBehind(lines: readonly string[], at: number, { begins, ends, reach }: Named) {
  const line = lines[at] ?? "";
  const [begin = ""] = begins.exec(line) ?? [];
  const found: number[] = [];
  let length = line.length - line.indexOf(begin) - begin.length + 1;
  let reached = at + 1;
  for (; reached < lines.length && length <= reach; reached += 1) {
    const end = ends.exec(lines[reached] ?? "");
    if (end !== null && length + end.index <= reach) found.push(reached);
    length += (lines[reached] ?? "").length + 1;
  }
  return { ends: found, reached };
}

/** No name begins or ends a statement. */
function insideQuotes(lines: readonly string[], { inside, unsure, begin }: Places): readonly number[] {
  const quotes: number[] = [];
  const isName = (at: number) => inside.has(at) || unsure.has(at) || begin.has(at);
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? "";
    const kind = isName(at) ? undefined : quoted.find(({ begins }) => begins.test(line));
    if (kind === undefined || kind.ends.test(line)) continue;
    const behind = lines
      .slice(at + 1, at + 1 + kind.lines)
      .findIndex((next, after) => kind.ends.test(next) && !isName(at + 1 + after));
    for (let more = 1; more <= behind + 1; more += 1) quotes.push(at + more);
    at += behind + 1;
  }
  return quotes;
}
