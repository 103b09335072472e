import type { SqlDialect } from "./lex-sql.ts";
import { type LogLine, parseLogLine } from "./log-line.ts";

/** What a message says, without names and numbers, which make no kind of their own: whoever knocks chooses them. */
export function kindOf({ level, text }: Pick<LogLine, "level" | "text">): string {
  return `${level} ${text.replaceAll(/"[^"]*"|'[^']*'|`[^`]*`|\d+/g, "?")}`;
}

/** What servers log of everyday work, a line for each: a sick server writes hundreds of them a second. */
const everyday =
  /^(?:duration: |statement: |execute |parse |bind |connection |disconnection: |replication connection |AUDIT: |\?|Aborted connection |Got an error reading )/;

/** Null, a line that cannot be read, is told by nobody. */
export function isEveryday(line: LogLine | null): boolean {
  return (
    line === null || (/^(?:LOG|NOTE|WARNING|DEBUG\d?|INFO)$/.test(line.level) && everyday.test(line.text))
  );
}

const refusal =
  /^(?:remaining connection slots|sorry, too many clients|too many connections for|the database system is|canceling authentication|terminating connection|connection to client lost|could not (?:receive|send) data|(?:password|PAM|SCRAM|LDAP|GSSAPI) authentication failed|no pg_hba\.conf entry|empty password|role "|database "|permission denied for database|incomplete startup packet|invalid (?:length of )?startup packet|no PostgreSQL user name|unsupported frontend protocol|could not accept SSL connection|expected SASL response)/;

/** What a client is told that is let in no more. Whoever knocks makes as many of them as he likes. */
export function isRefusal({ level, text, client }: LogLine): boolean {
  return client !== null && /^(?:FATAL|LOG)$/.test(level) && refusal.test(text);
}

const kindChars = 500;

/**
 * Of places that are doubted, those that stay so: what a line says that nobody doubts was surely said, and once more is
 * no news.
 */
export function withoutProved(
  records: readonly string[],
  doubted: ReadonlySet<number>,
  dialect: SqlDialect,
): ReadonlySet<number> {
  if (doubted.size === 0) return doubted;
  const kinds = records.map((record) => {
    const line = parseLogLine(record.slice(0, kindChars), dialect);
    return line === null ? null : kindOf(line);
  });
  const proved = new Set(kinds.filter((_, at) => !doubted.has(at)));
  return new Set([...doubted].filter((at) => kinds[at] === null || !proved.has(kinds[at] ?? null)));
}
