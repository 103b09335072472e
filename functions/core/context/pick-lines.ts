import type { LogExcerpt } from "../contract/log-excerpt.ts";
import { compare } from "../text/compare.ts";
import { isoTime } from "../text/iso-time.ts";
import type { SqlDialect } from "../text/lex-sql.ts";
import { isEveryday, kindOf } from "../text/log-kind.ts";
import { logKinds } from "../text/log-kinds.ts";
import { belongsToMessage, type LogLine, parseLogLine } from "../text/log-line.ts";
import { mostFrequent } from "../text/most-frequent.ts";
import { isRaisedIn } from "../text/routine-frame.ts";

/** Who waits for what by the end of the log, and what work it tells of. */
export type LoggedEnd = Pick<
  NonNullable<LogExcerpt["read"]>,
  "queues" | "rowHolders" | "temporary" | "vacuums"
>;

export interface PickOptions extends Pick<LogExcerpt, "kind" | "truncated"> {
  readonly dialect: SqlDialect;
  readonly maxLines: number;
  readonly end?: LoggedEnd;
}

/** A message and the lines that belong to it, by their places. */
interface Message {
  readonly at: number[];
  readonly head: LogLine | null;
  /** Of the same kind are messages that say the same. */
  readonly says: string;
  readonly doubted: boolean;
  readonly earlier: boolean;
  /** In an application's own words. */
  raised: boolean;
}

export interface PickedFrom {
  readonly text: string;
  /** A client may have made it. */
  readonly doubted: boolean;
  /** Of the file before: kept where there is room, and not counted. */
  readonly earlier: boolean;
}

/**
 * At most so many lines, in their order: of the messages the newest of each kind, those that nobody doubts first, then
 * some of the others, of which one packet makes as many kinds as it likes; then what is only logged, each from the newest
 * back.
 */
export function pickLines(
  all: readonly PickedFrom[],
  { kind, dialect, truncated, maxLines, end = {} }: PickOptions,
): Pick<LogExcerpt, "lines" | "truncated" | "wholeSince" | "read" | "doubted" | "repeats"> {
  if (kind === "slow") {
    const lines = all.slice(-maxLines).map(({ text }) => text);
    return { lines, truncated: truncated || all.length > maxLines };
  }
  const messages = messagesOf(all, dialect).toReversed();
  const sure = messages.filter(({ doubted }) => !doubted);
  const told = sure.filter((message) => !isEveryday(message.head));
  const unsure = messages.filter(({ doubted }) => doubted);
  const few = newestOf(unsure).slice(0, Math.ceil(maxLines / 4));
  const kept = firstOf([...newestOf(told), ...few, ...told, ...messages], maxLines);
  const left = told.find(({ at: [first = 0] }) => !kept.has(first));
  const since = left === undefined ? (truncated ? oldestOf(messages) : null) : timeOf(left.head);
  const picked = all.filter((_, at) => kept.has(at));
  const doubted = [...picked.keys()].filter((place) => picked[place]?.doubted);
  return {
    lines: picked.map(({ text }) => text),
    truncated: truncated || picked.length < all.length,
    wholeSince: since,
    ...(dialect === "postgres" ? readOf(counted(sure), end) : repeatsOf(told, kept)),
    ...(doubted.length === 0 ? {} : { doubted }),
  };
}

/** Never a part of a message: its CONTEXT says who raised it. */
function firstOf(messages: readonly Message[], maxLines: number): ReadonlySet<number> {
  const kept = new Set<number>();
  for (const { at } of new Set(messages)) {
    if (kept.size + at.length <= maxLines) for (const place of at) kept.add(place);
  }
  return kept;
}

/** Of each kind, from the newest back. */
function newestOf(messages: readonly Message[]): readonly Message[] {
  const newest = new Map(messages.toReversed().map((message) => [message.says, message]));
  return messages.filter((message) => newest.get(message.says) === message);
}

const mostRepeats = 8;

/** The most frequent first; of kinds of which a line was left out, as far back as rules look. */
function repeatsOf(told: readonly Message[], kept: ReadonlySet<number>): Pick<LogExcerpt, "repeats"> {
  const newest = told.find(({ head }) => head !== null)?.head?.at ?? 0;
  const recent = told.filter(({ head }) => (head?.at ?? 0) >= newest - kindSeconds);
  const repeats = [...Map.groupBy(recent, ({ says }) => says)]
    .filter(([, all]) => all.some(({ at: [first = 0] }) => !kept.has(first)))
    .map(([kind, all]) => ({ kind, count: all.length, since: oldestOf(all) ?? "" }))
    .toSorted((a, b) => b.count - a.count || compare(a.kind, b.kind))
    .slice(0, mostRepeats);
  return repeats.length === 0 ? {} : { repeats };
}

/** Of the newest file; of the one before where that says nothing. */
function counted(messages: readonly Message[]): readonly Message[] {
  const newest = messages.filter(({ earlier }) => !earlier);
  return newest.length > 0 ? newest : messages;
}

const mostDatabases = 5;

/** What errors make of what was read: of a storm a few can be kept. `messages` are newest first. */
function readOf(messages: readonly Message[], end: LoggedEnd): Pick<LogExcerpt, "read"> {
  const heads = messages.flatMap(({ head }) => head ?? []);
  const [first, last] = [heads.at(-1), heads[0]];
  if (first === undefined || last === undefined) return {};
  const databases = heads.flatMap(({ level, client }) => (level === "ERROR" ? (client?.database ?? []) : []));
  const errors = mostFrequent(databases)
    .slice(0, mostDatabases)
    .map(({ text: database, count }) => ({ database, count }));
  const seconds = Math.max(0, last.at - first.at);
  const visits = visitsOf(heads);
  const kinds = kindsOf(messages, last.at - kindSeconds);
  return {
    read: { messages: messages.length, seconds, until: timeOf(last), errors, visits, kinds, ...end },
  };
}

/** What rules look back for. */
const kindSeconds = 15 * 60;
const mostKinds = 16;
const kindChars = 160;

/** What is only logged last, and before it, of what differs by names and numbers, the most frequent each. */
function kindsOf(messages: readonly Message[], since: number) {
  const heads = messages.flatMap(({ head, raised }) =>
    head === null || raised || head.at < since || isEveryday(head) || belongsToMessage.test(head.level)
      ? []
      : [{ ...head, text: head.text.slice(0, kindChars) }],
  );
  const ranks = new Map<string, number>();
  return logKinds(heads)
    .map((kind) => {
      const rank = ranks.get(kindOf(kind)) ?? 0;
      ranks.set(kindOf(kind), rank + 1);
      return { kind, rank, isLog: Number(kind.level === "LOG") };
    })
    .toSorted((a, b) => a.isLog - b.isLog || a.rank - b.rank)
    .slice(0, mostKinds)
    .map(({ kind }) => kind);
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

function messagesOf(lines: readonly PickedFrom[], dialect: SqlDialect): readonly Message[] {
  const messages: Message[] = [];
  const last = new Map<string | null, Message>();
  lines.forEach(({ text, doubted, earlier }, place) => {
    const head = parseLogLine(text, dialect);
    const open = head === null ? undefined : last.get(head.process);
    if (head !== null && belongsToMessage.test(head.level) && open !== undefined) {
      open.at.push(place);
      open.raised ||= head.level === "CONTEXT" && isRaisedIn(head.text, open.head?.level ?? "");
      return;
    }
    const says = head === null ? text : kindOf(head);
    const raised = head?.code?.startsWith("P0") ?? false;
    const message = { at: [place], head, says, doubted, earlier, raised };
    messages.push(message);
    last.set(head?.process ?? null, message);
  });
  return messages;
}

function timeOf(head: LogLine | null): string | null {
  return head === null ? null : isoTime(head.at);
}

/** Of what was read; `messages` are newest first. */
function oldestOf(messages: readonly Message[]): string | null {
  return timeOf(messages.findLast(({ head }) => head !== null)?.head ?? null);
}
