import type { LockWait } from "../contract/locks.ts";
import type { Session } from "../contract/session.ts";
import type { Engine } from "../contract/target.ts";
import { visibleLine } from "./visible.ts";
import { withoutSelectList } from "./without-select-list.ts";

/** "200 ms", "38 s", "4 min 12 s", "2 h 5 min", "3 d 4 h"; "an unknown time" for null. */
export function duration(seconds: number | null): string {
  if (seconds === null) return "an unknown time";
  if (seconds < 0.9995) return `${Math.max(0, Math.round(seconds * 1000))} ms`;
  if (seconds < 9.95) return `${Math.round(seconds * 10) / 10} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return pair(whole, 60, "min", 1, "s");
  if (whole < 86_400) return pair(whole, 3600, "h", 60, "min");
  return pair(whole, 86_400, "d", 3600, "h");
}

/** By a clock of whole seconds, as InnoDB's of transactions and waits: 0 is anything below one. */
export function inWholeSeconds(seconds: number | null): string {
  return seconds === 0 ? "under 1 s" : duration(seconds);
}

/** Metrics are read so far back: what was so all the while has been so for longer. */
export const watchedMinutes = 180;

/** "14 min", "2 h 10 min", "more than 3 h": for how long a metric has been so. */
export function lasted(minutes: number): string {
  return minutes > watchedMinutes ? `more than ${duration(60 * watchedMinutes)}` : duration(60 * minutes);
}

function pair(whole: number, big: number, bigUnit: string, small: number, smallUnit: string): string {
  const rest = Math.floor((whole % big) / small);
  const head = `${Math.floor(whole / big)} ${bigUnit}`;
  return rest === 0 ? head : `${head} ${rest} ${smallUnit}`;
}

/** The age of an incident in whole seconds, from ten minutes in whole minutes: nobody acts on more of it. */
export function elapsed(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  return seconds === 0 ? "0 s" : duration(seconds < 600 ? seconds : seconds - (seconds % 60));
}

/** "1 session", "47 sessions"; irregular plurals are given. */
export function plural(count: number, one: string, many: string = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** "96 %"; never "100 %" for what is not yet all. */
export function percent(part: number, whole: number): string {
  if (whole <= 0) return "an unknown share";
  const value = (part / whole) * 100;
  return `${value < 100 ? Math.min(99, Math.round(value)) : Math.round(value)} %`;
}

/** "pid 8123" on PostgreSQL, "connection 812" on MySQL and MariaDB. */
export function sessionName(id: number, engine: Engine): string {
  return engine === "postgres" ? `pid ${id}` : `connection ${id}`;
}

/** "app checkout, user shop, pid 8123": what a person needs to know whom to call. */
export function describeSession(session: Session, engine: Engine): string {
  const parts = [
    session.application ? `app ${session.application}` : null,
    session.user ? `user ${session.user}` : null,
    sessionName(session.id, engine),
  ];
  return visibleLine(parts.filter((part) => part !== null).join(", "));
}

const longestStatement = 120;

/** One line, cut where a message would be, so that its tables are still seen. Null when the statement is not known. */
export function statementText(query: string | null): string | null {
  const whole = query?.replace(/\s+/g, " ").trim() ?? "";
  if (whole === "") return null;
  const line = whole.length <= longestStatement ? whole : withoutSelectList(whole);
  return line.length <= longestStatement ? line : `${line.slice(0, longestStatement - 1)}…`;
}

const requestWords =
  /^\s*((?:alter|create|drop|rename|lock|reindex|optimize)\s+\w+|flush\s+tables|vacuum\s+full|truncate|cluster)\b/i;

/** "ALTER TABLE" from the statement that asks for a strong lock; "lock request" when its words are not known. */
export function requestName(query: string | null): string {
  return (
    requestWords
      .exec(query ?? "")?.[1]
      ?.replace(/\s+/g, " ")
      .toUpperCase() ?? "lock request"
  );
}

const kindWords = {
  table: "table",
  row: "rows of",
  transaction: "transaction",
  advisory: "advisory lock",
  metadata: "table",
  global: "",
  page: "a page of",
  other: "",
} as const;

/** "table orders", "rows of orders"; an object that is a phrase already stays one. */
export function lockObject({ object, objectKind }: Pick<LockWait, "object" | "objectKind">): string {
  // Who waits for a row waits for its last writer's transaction; the row is what a person knows.
  const row = /^transaction \d+ \((.+)\)$/.exec(object)?.[1];
  if (row !== undefined) return row;
  return object.includes(" ") ? object : `${kindWords[objectKind]} ${object}`.trim();
}

/** "a, b and c". */
export function list(items: readonly string[]): string {
  return items.length < 2 ? items.join("") : `${items.slice(0, -1).join(", ")} and ${items.at(-1)}`;
}

/** "1,200 rows", "1.2 million rows". */
export function countText(count: number, noun: string): string {
  const text =
    count >= 1e9
      ? `${Math.round(count / 1e8) / 10} billion`
      : count >= 1e6
        ? `${Math.round(count / 1e5) / 10} million`
        : grouped(Math.round(count));
  return `${text} ${noun}${Math.round(count) === 1 ? "" : "s"}`;
}

/** "1,200". */
export function grouped(count: number): string {
  return count.toLocaleString("en-US");
}

/** "a, b or c". */
export function or(items: readonly string[]): string {
  return items.length < 2 ? items.join("") : `${items.slice(0, -1).join(", ")} or ${items.at(-1)}`;
}
