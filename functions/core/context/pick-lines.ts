import type { LogExcerpt } from "../contract/context.ts";
import { compare } from "../text/compare.ts";
import type { SqlDialect } from "../text/lex-sql.ts";
import { belongsToMessage, type LogLine, parseLogLine } from "../text/log-line.ts";

export interface PickOptions extends Pick<LogExcerpt, "kind" | "truncated"> {
  readonly dialect: SqlDialect;
  readonly maxLines: number;
}

/** A message and the lines that belong to it, by their places. */
interface Message {
  readonly at: number[];
  readonly head: LogLine | null;
  /** Of the same kind are messages that say the same. */
  readonly says: string;
}

/** What servers log of everyday work, a line for each: a sick server writes hundreds of them a second. */
const everyday =
  /^(?:duration: |statement: |execute |parse |bind |connection |disconnection: |replication connection |AUDIT: |\?|Aborted connection |Got an error reading )/;

/**
 * At most so many lines, in their order: of the messages the newest of each kind, then the others, then what is only
 * logged, each from the newest back.
 */
export function pickLines(
  lines: readonly string[],
  { kind, dialect, truncated, maxLines }: PickOptions,
): Pick<LogExcerpt, "lines" | "truncated" | "wholeSince" | "read"> {
  if (kind === "slow") {
    return { lines: lines.slice(-maxLines), truncated: truncated || lines.length > maxLines };
  }
  const messages = messagesOf(lines, dialect).toReversed();
  const told = messages.filter((message) => !isEveryday(message));
  const newest = new Map(told.toReversed().map((message) => [message.says, message]));
  const firsts = told.filter((message) => newest.get(message.says) === message);
  const kept = new Set<number>();
  for (const message of new Set([...firsts, ...told, ...messages])) {
    // Never a part: its CONTEXT says who raised it.
    if (kept.size + message.at.length <= maxLines) for (const at of message.at) kept.add(at);
  }
  const left = told.find(({ at: [first = 0] }) => !kept.has(first));
  const since = left === undefined ? (truncated ? oldestOf(messages) : null) : timeOf(left.head);
  return {
    lines: lines.filter((_, at) => kept.has(at)),
    truncated: truncated || kept.size < lines.length,
    wholeSince: since,
    ...(dialect === "postgres" ? readOf(messages) : {}),
  };
}

const mostDatabases = 5;

/** What errors make of what was read: of a storm a few can be kept. `messages` are newest first. */
function readOf(messages: readonly Message[]): Pick<LogExcerpt, "read"> {
  const heads = messages.flatMap(({ head }) => head ?? []);
  const [first, last] = [heads.at(-1), heads[0]];
  if (first === undefined || last === undefined) return {};
  const databases = heads.flatMap(({ level, client }) => (level === "ERROR" ? (client?.database ?? []) : []));
  const errors = [...Map.groupBy(databases, (database) => database)]
    .map(([database, all]) => ({ database, count: all.length }))
    .toSorted((a, b) => b.count - a.count || compare(a.database, b.database))
    .slice(0, mostDatabases);
  const seconds = Math.max(0, last.at - first.at);
  return {
    read: { messages: messages.length, seconds, until: timeOf(last), errors, visits: visitsOf(heads) },
  };
}

const visitSeconds = 2;

/** `heads` are newest first: the end of a session stands before its beginning. */
function visitsOf(heads: readonly LogLine[]): number {
  const ends = new Map<string | null, number>();
  let visits = 0;
  for (const { text, process, at } of heads) {
    if (text.startsWith("disconnection: session time: ")) ends.set(process, at);
    else if (text.startsWith("connection authorized: ")) {
      const end = ends.get(process);
      ends.delete(process);
      if (end !== undefined && end - at <= visitSeconds) visits++;
    }
  }
  return visits;
}

function messagesOf(lines: readonly string[], dialect: SqlDialect): readonly Message[] {
  const messages: Message[] = [];
  const last = new Map<string | null, Message>();
  lines.forEach((line, place) => {
    const head = parseLogLine(line, dialect);
    const open = head === null ? undefined : last.get(head.process);
    if (head !== null && belongsToMessage.test(head.level) && open !== undefined) {
      open.at.push(place);
      return;
    }
    const message = { at: [place], head, says: head === null ? line : kindOf(head) };
    messages.push(message);
    last.set(head?.process ?? null, message);
  });
  return messages;
}

/** Names and numbers make no kind of their own: whoever knocks chooses them. */
function kindOf({ level, text }: LogLine): string {
  return `${level} ${text.replaceAll(/"[^"]*"|'[^']*'|`[^`]*`|\d+/g, "?")}`;
}

function isEveryday({ head }: Message): boolean {
  return (
    head === null || (/^(?:LOG|NOTE|WARNING|DEBUG\d?|INFO)$/.test(head.level) && everyday.test(head.text))
  );
}

function timeOf(head: LogLine | null): string | null {
  return head === null ? null : new Date(head.at * 1000).toISOString();
}

/** Of what was read; `messages` are newest first. */
function oldestOf(messages: readonly Message[]): string | null {
  return timeOf(messages.findLast(({ head }) => head !== null)?.head ?? null);
}
