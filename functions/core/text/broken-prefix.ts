import { day, hour, parseLogLine, postgresHead, zone } from "./log-line.ts";

/**
 * Whoever asks for a connection chooses names of a user and a database, without any password, and PostgreSQL writes them
 * into the prefix as they are: with line breaks they make lines that look like the server's own. Both are cut at 63
 * bytes, which is all the room that such lines have.
 */
const longestNames = 63 + 1 + 63;

/** The part of a prefix that no client chooses. */
const openHead = new RegExp(String.raw`^${day} ${hour} ${zone}:(?:[\w.:%-]{1,255}\(\d{1,5}\)|\[local\]):`);

/** Whether a record breaks off inside its prefix: what follows belongs to it as far as names may go. */
export function breaksInPrefix(record: string): boolean {
  const [open] = openHead.exec(record) ?? [];
  if (open === undefined || record.length - open.length > longestNames) return false;
  return !postgresHead.test(record.slice(0, endOfLine(record)));
}

/** What a client is told before its sign-in without its names. */
const unnamed =
  /FATAL: {1,3}(?:\w{5}: {1,3})?(?:canceling authentication due to timeout|empty password returned by client)/;

/**
 * Records, of which those that a name with breaks made are one with the last of them: that one quotes the name (the
 * server says each FATAL in one line, and indents what follows a break in a name), tells nothing of names, or has no
 * whole prefix.
 */
export function joinBrokenPrefixes(records: readonly string[]): readonly string[] {
  const joined: string[] = [];
  for (const record of records) {
    const first = mayEndPrefix(record) ? beginOf(joined, record) : joined.length;
    joined.push([...joined.splice(first), record].join("\n"));
  }
  return joined;
}

function mayEndPrefix(record: string): boolean {
  const line = record.slice(0, Math.min(endOfLine(record), 1000));
  const quotesBreak = line.length < record.length && line.includes('"') && /FATAL:\s/.test(line);
  return quotesBreak || unnamed.test(line) || parseLogLine(line, "postgres") === null;
}

/** The farthest record before it from which on the names may reach. */
function beginOf(before: readonly string[], record: string): number {
  let found = before.length;
  const text = record.search(/FATAL:\s/);
  const prefix = record.slice(0, text < 0 ? endOfLine(record) : text);
  let length = [...prefix.matchAll(/:\[\d{1,10}\]:/g)].at(-1)?.index ?? longestNames + 1;
  for (let at = before.length - 1; at >= 0 && length <= longestNames; at -= 1) {
    const [open] = openHead.exec(before[at] ?? "") ?? [];
    const size = (before[at] ?? "").length + 1;
    if (open !== undefined && length + size - open.length <= longestNames) found = at;
    length += size;
  }
  return found;
}

function endOfLine(text: string): number {
  const end = text.indexOf("\n");
  return end < 0 ? text.length : end;
}
