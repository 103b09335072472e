import type { LogPortion } from "../context-ports.ts";
import type { LogExcerpt } from "../contract/context.ts";
import type { SqlDialect } from "../text/lex-sql.ts";
import { normaliseQuery } from "../text/normalise-query.ts";

export interface CleanLogOptions {
  readonly dialect: SqlDialect;
  /** "raw" keeps literals of statements; secrets go in any case. */
  readonly queryText: "normalised" | "raw";
  readonly maxLines: number;
  readonly maxLineLength: number;
}

/** More of one record is never shown, and hostile text is not worth the time. */
const maxRecord = 4000;

/** Log text as evidence may keep it: statements without literals, no secrets, the newest lines. */
export function cleanLog(portion: LogPortion, options: CleanLogOptions): LogExcerpt {
  const records = recordsOf(portion, options.dialect);
  const lines = records
    .map((record) => record.slice(0, maxRecord))
    .map((record) =>
      withoutSecrets(
        options.queryText === "raw" ? oneLine(record) : normalised(record, portion.kind, options.dialect),
      ),
    )
    .map((line) => cut(line, options.maxLineLength))
    .filter((line) => line !== "");
  const { file, kind, lastWrittenAt } = portion;
  return {
    file,
    kind,
    lastWrittenAt,
    lines: lines.slice(-options.maxLines),
    truncated: portion.truncated || lines.length > options.maxLines,
  };
}

/** A statement may go over many lines: PostgreSQL indents them, the slow log of MySQL puts `#` before its headers. */
function recordsOf({ kind, text, truncated }: LogPortion, dialect: SqlDialect): readonly string[] {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== "");
  const records: string[] = [];
  for (const line of lines) {
    const last = records.length - 1;
    const continued =
      dialect === "postgres"
        ? /^\s/.test(line)
        : kind === "slow" && !isHeader(line) && !isHeader(records[last]);
    if (continued && last >= 0) records[last] += `\n${line}`;
    else records.push(line);
  }
  return beginsInside(records[0], { kind, truncated }, dialect) ? records.slice(1) : records;
}

/** The end of a file may begin inside a statement or a literal, where nothing tells code from data. */
function beginsInside(
  first: string | undefined,
  { kind, truncated }: Pick<LogPortion, "kind" | "truncated">,
  dialect: SqlDialect,
): boolean {
  if (dialect === "postgres") return /^\s/.test(first ?? "");
  return kind === "slow" && truncated && !isHeader(first);
}

/** A literal may hold a line that begins with `#`, too; a header goes on with a name and a colon. */
function isHeader(line: string | undefined): boolean {
  return line === undefined || /^# \S+:/.test(line);
}

/**
 * Where SQL begins in a line of PostgreSQL, and what quotes values of a row. Texts of errors stay: they name
 * constraints and columns, which is what a person needs.
 * https://www.postgresql.org/docs/current/runtime-config-logging.html
 */
const statement =
  /^(.*?(?:STATEMENT|QUERY|CONTEXT):\s+|.*?(?:\bstatement|\bexecute [^:]*|\bparse [^:]*|\bbind [^:]*):\s+)([\s\S]*)$/;
const detail = /^(.*?DETAIL:\s+)([\s\S]*)$/;
/** Replication errors of MySQL quote the statement or the value that did not fit. */
const mysqlStatement = /^(.*?\b(?:Statement|Query): )([\s\S]*)$/;
const duplicateEntry = /(Duplicate entry )'(?:[^'])*'?/g;
const quotedInput = /(invalid input (?:syntax|value)[^"]*: )"[^\n]*"/;

function normalised(record: string, kind: LogExcerpt["kind"], dialect: SqlDialect): string {
  if (dialect === "postgres") return normalisedPostgres(record);
  if (isHeader(record)) return oneLine(record);
  if (kind === "slow") return normaliseQuery(withoutTimestampCommand(record), dialect);
  const [, prefix, sql] = mysqlStatement.exec(record) ?? [];
  if (prefix !== undefined && sql !== undefined) return `${oneLine(prefix)} ${normaliseQuery(sql, dialect)}`;
  return oneLine(record.replaceAll(duplicateEntry, "$1'?'"));
}

function normalisedPostgres(record: string): string {
  const [, rowPrefix, row] = detail.exec(record) ?? [];
  if (rowPrefix !== undefined && row !== undefined) return oneLine(rowPrefix) + withoutValues(row);
  const [, prefix, sql] = statement.exec(record) ?? [];
  if (prefix !== undefined && sql !== undefined)
    return `${oneLine(prefix)} ${normaliseQuery(sql, "postgres")}`;
  return oneLine(record.replace(quotedInput, '$1"?"'));
}

/** `Key (email)=(a@example.com) already exists.` and `Failing row contains (1, a).`; parameters: `$1 = 'x'`; what a killed process ran. */
function withoutValues(row: string): string {
  const [, before, sql] = /^(Failed process was running:\s)([\s\S]*)$/.exec(row) ?? [];
  if (before !== undefined && sql !== undefined) return before + normaliseQuery(sql, "postgres");
  // A deadlock's detail ends with the statements of both.
  if (/\bProcess \d+: /.test(row)) {
    const [waits = "", ...statements] = row.split(/(?=\bProcess \d+: )/);
    return oneLine([waits, ...statements.map(withoutLiterals)].join(" "));
  }
  return oneLine(row)
    .replaceAll(/=\([^)]*\)/g, "=(?)")
    .replaceAll(/contains \(.*\)/g, "contains (?)")
    .replaceAll(/= '(?:[^']|'')*'?/g, "= ?");
}

function withoutLiterals(process: string): string {
  const [, who = "", sql = ""] = /^(Process \d+: )([\s\S]*)$/.exec(process) ?? [];
  return who + normaliseQuery(sql, "postgres");
}

function withoutTimestampCommand(record: string): string {
  return record.replace(/^SET timestamp=\d+;\s*/i, "");
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
