import type { LogPortion } from "../context-ports.ts";
import type { LogExcerpt } from "../contract/context.ts";
import { breaksInPrefix, joinBrokenPrefixes } from "../text/broken-prefix.ts";
import type { SqlDialect } from "../text/lex-sql.ts";
import { beginsRecord, belongsToMessage, parseLogLine } from "../text/log-line.ts";
import { mysqlOwnLines } from "../text/mysql-own-lines.ts";
import { normaliseQuery } from "../text/normalise-query.ts";
import { isRaisedIn } from "../text/routine-frame.ts";
import { type Beside, cleanRecord } from "./clean-record.ts";
import { pickLines } from "./pick-lines.ts";

export interface CleanLogOptions {
  readonly dialect: SqlDialect;
  /** "raw" keeps literals of statements; secrets go in any case. */
  readonly queryText: "normalised" | "raw";
  readonly maxLines: number;
  readonly maxLineLength: number;
}

/** More of one record is never shown, and hostile text is not worth the time. */
const maxRecord = 4000;

/** Log text as evidence may keep it: no values, no secrets, the newest lines, errors before what is only logged. */
export function cleanLog(portion: LogPortion, options: CleanLogOptions): LogExcerpt {
  const { dialect, queryText } = options;
  const records = recordsOf(portion, dialect).map((record) => record.slice(0, maxRecord));
  const beside = dialect === "postgres" && portion.kind === "error" ? besideEach(records) : [];
  const lines = records
    .map((record, at) => {
      if (queryText === "raw") return oneLine(record);
      return portion.kind === "slow" ? slowRecord(record, dialect) : cleanRecord(record, dialect, beside[at]);
    })
    .map((line) => cut(withoutSecrets(line), options.maxLineLength))
    .filter((line) => line !== "");
  const { file, kind, lastWrittenAt, truncated } = portion;
  // Something is written, and in no form that is read.
  if (lines.length === 0 && dialect === "postgres" && portion.text.trim() !== "") lines.push("?");
  return {
    file,
    kind,
    lastWrittenAt,
    ...pickLines(lines, { kind, dialect, truncated, maxLines: options.maxLines }),
  };
}

/** A statement may go over many lines: PostgreSQL indents them, the slow log of MySQL puts `#` before its headers. */
function recordsOf({ kind, text, truncated }: LogPortion, dialect: SqlDialect): readonly string[] {
  const all = text.split(/\r?\n/).filter((line) => line.trim() !== "");
  const lines = dialect === "postgres" || kind === "slow" ? all : mysqlOwnLines(all);
  const records: string[] = [];
  for (const line of lines) {
    const last = records.at(-1);
    if (last !== undefined && goesOn(line, last, { kind }, dialect))
      records[records.length - 1] += `\n${line}`;
    else records.push(line);
  }
  const whole = beginsInside(records[0], { kind, truncated }, dialect) ? records.slice(1) : records;
  return dialect === "postgres" ? joinBrokenPrefixes(whole) : whole;
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
    if (line.code?.startsWith("P0") || (line.level === "CONTEXT" && isRaisedIn(line.text)))
      head.raised = true;
  });
  return found;
}

const secret =
  /\b(password|passwd|identified(?:\s+with\s+\S+)?\s+(?:by|as)|secret|token)(\s*[=:]?\s*)(?:'(?:[^']|'')*'?|"[^"]*"?)/gi;

function withoutSecrets(line: string): string {
  return line.replaceAll(secret, "$1$2***");
}

function oneLine(text: string): string {
  return text.trim().replaceAll(/\s+/g, " ");
}

function cut(line: string, length: number): string {
  return line.length > length ? `${line.slice(0, length)}…` : line;
}
