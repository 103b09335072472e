import { day, hour, postgresHead, zone } from "./log-line.ts";

/**
 * Whoever asks for a connection chooses names of a user and a database, without any password, and PostgreSQL writes them
 * into the prefix as they are: with line breaks they make lines that look like the server's own. Where it quotes a name,
 * both are cut at 63 bytes, which is all the room that such lines have.
 */
export const longestNames = 63 + 1 + 63;

/** The part of a prefix that no client chooses; its address and port are caught. */
export const openHead = new RegExp(
  String.raw`^${day} ${hour} ${zone}:([\w.:%-]{1,255}\(\d{1,5}\)|\[local\]):`,
);

/** Whether a record breaks off inside its prefix: what follows belongs to it as far as names may go. */
export function breaksInPrefix(record: string): boolean {
  const [open] = openHead.exec(record) ?? [];
  if (open === undefined || record.length - open.length > longestNames) return false;
  return !postgresHead.test(record.slice(0, endOfLine(record)));
}

/**
 * Records, of which those that a name with breaks made are one with the last of them, which quotes the name: the server
 * says each FATAL in one line, and indents what follows a break in a name.
 */
export function joinBrokenPrefixes<T extends { readonly text: string }>(records: readonly T[]): readonly T[] {
  const joined: T[] = [];
  for (const record of records) {
    const first = quotesBreak(record.text) ? beginOf(joined, record.text) : joined.length;
    const parts = joined.splice(first).map(({ text }) => text);
    joined.push(parts.length === 0 ? record : { ...record, text: [...parts, record.text].join("\n") });
  }
  return joined;
}

function quotesBreak(record: string): boolean {
  const line = record.slice(0, Math.min(endOfLine(record), 1000));
  return line.length < record.length && line.includes('"') && /FATAL:\s/.test(line);
}

/** The farthest record before it from which on the names may reach. */
function beginOf(before: readonly { readonly text: string }[], record: string): number {
  let found = before.length;
  const text = record.search(/FATAL:\s/);
  const prefix = record.slice(0, text < 0 ? endOfLine(record) : text);
  let length = [...prefix.matchAll(/:\[\d{1,10}\]:/g)].at(-1)?.index ?? longestNames + 1;
  for (let at = before.length - 1; at >= 0 && length <= longestNames; at -= 1) {
    const { text: one = "" } = before[at] ?? {};
    const [open] = openHead.exec(one) ?? [];
    const size = one.length + 1;
    if (open !== undefined && length + size - open.length <= longestNames) found = at;
    length += size;
  }
  return found;
}

function endOfLine(text: string): number {
  const end = text.indexOf("\n");
  return end < 0 ? text.length : end;
}
