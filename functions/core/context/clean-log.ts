import type { LogPortion } from "../context-ports.ts";
import type { LogExcerpt } from "../contract/log-excerpt.ts";
import { breaksInPrefix, joinBrokenPrefixes } from "../text/broken-prefix.ts";
import { withCrashStatements } from "../text/crash-statement.ts";
import { withDeadlockTables, withoutDeadlockParts } from "../text/deadlock-tables.ts";
import { doubtedRecords } from "../text/doubted-records.ts";
import type { SqlDialect } from "../text/lex-sql.ts";
import { withoutProved } from "../text/log-kind.ts";
import { beginsRecord, belongsToMessage, parseLogLine } from "../text/log-line.ts";
import { mysqlOwnLines } from "../text/mysql-own-lines.ts";
import { normaliseQuery } from "../text/normalise-query.ts";
import { isRaisedIn } from "../text/routine-frame.ts";
import { type Beside, cleanRecord } from "./clean-record.ts";
import { cut, oneLine, withoutSecrets } from "./line-text.ts";
import { loggedCalls } from "./logged-calls.ts";
import { endOf } from "./logged-end.ts";
import { pickLines } from "./pick-lines.ts";
import { callsOf, slowCalls } from "./slow-calls.ts";

export interface CleanLogOptions {
  readonly dialect: SqlDialect;
  /** "raw" keeps literals of statements; secrets go in any case. */
  readonly queryText: "normalised" | "raw";
  readonly maxLines: number;
  readonly maxLineLength: number;
}

/** More of one record is never shown, and hostile text is not worth the time. */
const maxRecord = 4000;

/** One record, or one line of MySQL's. */
interface Part {
  readonly text: string;
  /** A client may have made it. */
  readonly doubted: boolean;
}

/** Log text as evidence may keep it: no values, no secrets, the newest lines, errors before what is only logged. */
export function cleanLog(portion: LogPortion, options: CleanLogOptions): LogExcerpt {
  const { dialect, queryText } = options;
  const { parts, hidden, newestFrom } = allPartsOf(portion, dialect);
  const records = parts.map(({ text }) => text.slice(0, maxRecord));
  const beside = dialect === "postgres" && portion.kind === "error" ? besideEach(records) : [];
  const lines = records
    .map((record, at) => {
      if (queryText === "raw") return oneLine(record);
      return portion.kind === "slow" ? slowRecord(record, dialect) : cleanRecord(record, dialect, beside[at]);
    })
    .map((line, at) => ({
      text: cut(withoutSecrets(line), options.maxLineLength),
      doubted: parts[at]?.doubted ?? false,
      earlier: at < newestFrom,
    }))
    .filter(({ text }) => text !== "");
  const { file, kind, lastWrittenAt } = portion;
  const truncated = portion.truncated || newestFrom > 0;
  const end = dialect === "postgres" && kind === "error" ? endOf(parts, options) : {};
  const calls = kind === "slow" ? callsOf : dialect === "postgres" ? loggedCalls : null;
  const sure = lines.flatMap(({ text, doubted }) => (doubted ? [] : [text]));
  const slow = calls === null ? null : slowCalls(calls(sure), truncated);
  // Something is written, and in no form that is read; the end of a file may be the inside of one statement.
  if (lines.length === 0 && dialect === "postgres" && portion.text.trim() !== "" && !truncated)
    lines.push({ text: "?", doubted: false, earlier: false });
  return {
    file,
    kind,
    lastWrittenAt,
    ...pickLines(lines, { kind, dialect, truncated, maxLines: options.maxLines, end }),
    ...(slow === null ? {} : { slow }),
    ...(hidden === 0 ? {} : { hidden }),
  };
}

/** With those of the file before it, which end where this one begins; `newestFrom`: its own first. */
function allPartsOf(portion: LogPortion, dialect: SqlDialect) {
  const newest = partsOf(portion, dialect);
  const { earlier, text } = portion;
  if (earlier === undefined) return { ...newest, newestFrom: 0 };
  const all = partsOf({ ...portion, text: `${earlier}\n${text}`, truncated: true }, dialect);
  return { ...all, newestFrom: all.parts.length - newest.parts.length };
}

/** A statement may go over many lines: PostgreSQL indents them, the slow log of MySQL puts `#` before its headers. */
function partsOf(portion: LogPortion, dialect: SqlDialect): { parts: readonly Part[]; hidden: number } {
  const { kind, text, truncated } = portion;
  const all = text.split(/\r?\n/).filter((line) => line.trim() !== "");
  if (dialect !== "postgres" && kind === "error") {
    const { lines, doubted, hidden } = mysqlOwnLines(all, truncated, withDeadlockTables(all));
    const told = withoutDeadlockParts(withCrashStatements(lines));
    return { parts: marked(told, withoutProved(lines, doubted, dialect)), hidden };
  }
  const records = recordsOf(all, portion, dialect);
  if (dialect !== "postgres") return { parts: marked(records, new Set()), hidden: 0 };
  return { parts: joinBrokenPrefixes(marked(records, doubtedRecords(records, truncated))), hidden: 0 };
}

function marked(texts: readonly string[], doubted: ReadonlySet<number>): readonly Part[] {
  return texts.map((text, at) => ({ text, doubted: doubted.has(at) }));
}

function recordsOf(
  lines: readonly string[],
  { kind, truncated }: LogPortion,
  dialect: SqlDialect,
): readonly string[] {
  const records: string[] = [];
  for (const line of lines) {
    const last = records.at(-1);
    if (last !== undefined && goesOn(line, last, { kind }, dialect))
      records[records.length - 1] += `\n${line}`;
    else records.push(line);
  }
  return beginsInside(records[0], { kind, truncated }, dialect) ? records.slice(1) : records;
}

function goesOn(
  line: string,
  last: string,
  { kind }: Pick<LogPortion, "kind">,
  dialect: SqlDialect,
): boolean {
  if (dialect !== "postgres") return kind === "slow" && !isHeader(line) && !isHeader(last);
  return !beginsRecord(line) || breaksInPrefix(last);
}

/** The end of a file may begin inside a statement or a literal, where nothing tells code from data. */
function beginsInside(
  first: string | undefined,
  { kind, truncated }: Pick<LogPortion, "kind" | "truncated">,
  dialect: SqlDialect,
): boolean {
  if (dialect === "postgres") return first !== undefined && !beginsRecord(first);
  return kind === "slow" && truncated && !isHeader(first);
}

/**
 * A literal may hold a line that begins with `#`, too: only the headers that the servers write are some.
 * https://dev.mysql.com/doc/refman/8.4/en/slow-query-log.html
 */
function isHeader(line: string | undefined): boolean {
  return (
    line === undefined ||
    /^# (?:Time: [\d T:.Z+-]+|User@Host: .*|(?:Query_time|Thread_id|Schema|Rows_\w+|Bytes_sent|Full_scan|Filesort|Tmp_\w+|Pages_\w+|Stored_routine|Priority_queue|administrator command): .*)$/.test(
      line,
    )
  );
}

function slowRecord(record: string, dialect: SqlDialect): string {
  if (isHeader(record)) return oneLine(record);
  return normaliseQuery(record.replace(/^SET timestamp=\d+;\s*/i, ""), dialect);
}

/** Of each record of PostgreSQL, what the others of its message tell: they follow it, of the same process. */
function besideEach(records: readonly string[]): readonly Beside[] {
  const lines = records.map((record) => parseLogLine(record, "postgres"));
  const found = lines.map(() => ({ raised: false, unparsed: false }));
  const heads = new Map<string, number>();
  const levelOf = (at: number): string => lines[of(at) ?? -1]?.level ?? "";
  const of = (at: number): number | undefined => heads.get(lines[at]?.process ?? "");
  lines.forEach((line, at) => {
    if (line === null || line.process === null) return;
    if (!belongsToMessage.test(line.level)) heads.set(line.process, at);
    const head = found[of(at) ?? -1];
    if (head === undefined) return;
    found[at] = head;
    if (
      /^(?:unterminated|syntax error|invalid (?:Unicode|message))/.test(line.text) &&
      line.level === "ERROR"
    )
      head.unparsed = true;
    if (line.code?.startsWith("P0") || (line.level === "CONTEXT" && isRaisedIn(line.text, levelOf(at))))
      head.raised = true;
  });
  return found;
}
