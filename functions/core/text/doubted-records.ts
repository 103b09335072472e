import { longestNames, openHead } from "./broken-prefix.ts";
import { isEveryday, isRefusal, withoutProved } from "./log-kind.ts";
import { belongsToMessage, type LogLine, parseLogLine } from "./log-line.ts";

/**
 * Whoever asks for a connection chooses the names that stand in the prefix, without any password and with line breaks:
 * before what is said to him stand as many lines as he likes that look like the server's own. A break in a name cannot
 * be told from the end of a record, whatever is said; how far names reach can. Both are cut at 63 bytes, but not before
 * all of the packet is read: MAX_STARTUP_PACKET_LENGTH.
 */
const longestPacket = 10_000;

/**
 * Said with the names as they were sent, before they are cut.
 * https://github.com/postgres/postgres/blob/master/src/backend/tcop/backend_startup.c (ProcessStartupPacket)
 */
const beforeCut =
  '(?:invalid startup packet layout|no PostgreSQL user name specified|invalid value for parameter "replication"|Valid values are: "false", 0|could not send data to client)';
const saysBeforeCut = new RegExp(`^${beforeCut}`);
/** In a record that cannot be read, as its beginning is none of the server's. */
const holdsBeforeCut = new RegExp(
  String.raw`:\[\d{1,10}\]:(?:[^\n]{0,200}:)?(?:FATAL|LOG|HINT): {1,3}(?:\w{5}: {1,3})?${beforeCut}`,
);
/**
 * Nothing is sent before the names are cut but options that the server does not know, and those not before they fill its
 * buffer: PQ_SEND_BUFFER_SIZE of the packet is no name, then.
 * https://github.com/postgres/postgres/blob/master/src/backend/libpq/pqcomm.c (internal_putbytes)
 */
const failedToSend = "could not send data to client";
const besideBuffer = longestPacket - 8192;
/** Its prefix shows no user, so that of the names the database alone has room. */
const noUser = "no PostgreSQL user name specified";

/** Said of a session that is signed in, of a client that has sent no name yet, or by the server of its own work. */
const otherwise =
  /^(?:duration: |statement: |execute |parse |bind |AUDIT: |temporary file: |process \d|connection (?:received|authenticated|authorized): |disconnection: |replication connection authorized: |unexpected EOF on client connection with an open transaction|terminating connection due to (?:idle|transaction timeout|administrator command|conflict with recovery)|incomplete startup packet|invalid length of startup packet|automatic |autovacuum |checkpoint |restartpoint |database system |redo |received (?:fast|smart|immediate) shutdown request|shutting down|[A-Za-z ]{1,60} \(PID \d+\) |terminating any other active|all server processes terminated|starting PostgreSQL|listening on )/;
/** Where it quotes a name, its breaks are seen; the other name alone has no room for two lines and what claims a thing. */
const quotesName = /\b(?:user|role|database) "/;
const ofStatement = /^(?:ERROR|STATEMENT|QUERY|CONTEXT)$/;

/**
 * Places of records that a client may have made: those between the farthest beginning of a record that is a client's and
 * one that may have been said before his sign-in, as far as his names reach. `truncated`: it may stand before the first.
 */
export function doubtedRecords(records: readonly string[], truncated: boolean): ReadonlySet<number> {
  const lines = records.map((record) => parseLogLine(record, "postgres"));
  const near = new Set<number>();
  const far = new Set<number>();
  const ofPackets = new Set<number>();
  for (let at = records.length - 1; at >= 0; at -= 1) {
    const reach = reachOf(records, lines, at, (place) => near.has(place) || far.has(place));
    const marked = reach > longestNames ? far : near;
    const user = lines[at]?.text.startsWith(noUser) ? "[unknown]@" : "";
    for (let one = beginOf(records, at, { reach, user, truncated }); one < at; one += 1) {
      marked.add(one);
      if (reach === longestPacket) ofPackets.add(one);
    }
    if (lines[at] === null && firstOf(records[at]) !== null) marked.add(at);
  }
  const doubted = withoutProved(records, new Set([...near, ...far]), "postgres");
  // Who may write a line may as well knock so often: refusals and everyday lines are counted. Of what claims more, two
  // names have room for one short line, enough for what one line proves and none for what is counted; a packet has more.
  const lineAt = (at: number) => lines[at] ?? firstOf(records[at]);
  const told = [
    ...[...far, ...doubted].filter((at) => claims(lineAt(at))),
    ...[...doubted].filter((at) => ofPackets.has(at) && isOfLimits(lineAt(at))),
  ];
  // Of what belongs to a message, its CONTEXT alone makes another one of it.
  return new Set(told.filter((at) => !belongs.test(lines[at]?.level ?? "")));
}

function claims(line: LogLine | null): boolean {
  if (line === null || isEveryday(line) || isRefusal(line)) return false;
  return line.level !== "LOG" || !ownWork.test(line.text);
}

/** To make one truly he would have to take all of them. */
function isOfLimits(line: LogLine | null): boolean {
  return /^(?:remaining connection slots|sorry, too many clients|too many connections for|the database system is)/.test(
    line?.text ?? "",
  );
}

/** Of which the server writes a line each few minutes. */
const ownWork =
  /^(?:checkpoint (?:starting|complete)|restartpoint (?:starting|complete)|recovery restart point|automatic (?:vacuum|analyze)|temporary file: )/;

const belongs = /^(?:DETAIL|HINT|QUERY|STATEMENT|LOCATION|BACKTRACE)$/;

type IsDoubted = (place: number) => boolean;

/** How many characters of names may stand before what a record says. */
function reachOf(
  records: readonly string[],
  lines: readonly (LogLine | null)[],
  at: number,
  isDoubted: IsDoubted,
): number {
  const line = lines[at] ?? null;
  if (line === null) return holdsBeforeCut.test(records[at] ?? "") ? longestPacket : longestNames;
  const isLong = saysBeforeCut.test(line.text);
  if (isLong && belongsToMessage.test(line.level)) return longestPacket;
  if (isOfSession(records, lines, at, isDoubted)) return 0;
  if (isLong) return line.text.startsWith(failedToSend) ? besideBuffer : longestPacket;
  return quotesName.test(line.text) || otherwise.test(line.text) ? 0 : longestNames;
}

/** What belongs to a message is written together with it, under the same prefix. */
function isOfSession(
  records: readonly string[],
  lines: readonly (LogLine | null)[],
  at: number,
  isDoubted: IsDoubted,
): boolean {
  const line = lines[at];
  if (!line) return false;
  if (ofStatement.test(line.level)) return true;
  if (belongsToMessage.test(line.level)) return belongsToLast(records, lines, at);
  if (line.text.startsWith(failedToSend) && wasEnded(lines, at)) return true;
  for (let next = at + 1; ; next += 1) {
    const behind = lines[next];
    if (!behind || behind.process !== line.process || !belongsToMessage.test(behind.level)) return false;
    if (prefixOf(behind) === prefixOf(line) && ofStatement.test(behind.level)) return !isDoubted(next);
  }
}

/** A process that has said FATAL says nothing more but what belongs to it. */
function belongsToLast(records: readonly string[], lines: readonly (LogLine | null)[], at: number): boolean {
  const line = lines[at];
  let head = at - 1;
  while (lines[head]?.process === line?.process && belongsToMessage.test(lines[head]?.level ?? "")) head -= 1;
  const found = lines[head];
  if (!line || !found || found.process !== line.process) return false;
  if (prefixOf(found) !== prefixOf(line)) return false;
  const before = records.slice(Math.max(0, head - linesOfNames), head);
  return !before.some((record) => record.includes(`:[${line.process}]:FATAL:`));
}

/** More of them have no room in two names. */
const linesOfNames = 6;

/**
 * A session that is ended is told so, which fails where its client is gone. Whoever forges it has to know his process
 * beforehand: more than one of his address is a guess.
 */
function wasEnded(lines: readonly (LogLine | null)[], at: number): boolean {
  const line = lines[at];
  const from = hostOf(line);
  const own = lines.slice(Math.max(0, at - 2 * linesOfNames), at).filter((one) => hostOf(one) === from);
  return (
    from !== undefined &&
    own.some((one) => one?.level === "FATAL") &&
    own.every((one) => one?.process === line?.process)
  );
}

/** Address and port. */
function hostOf(line: LogLine | null | undefined): string | undefined {
  return openHead.exec(line?.head ?? "")?.[1];
}

/** Up to the process: what follows counts lines. */
function prefixOf({ head, process }: LogLine): string {
  return head.slice(0, head.indexOf(`:[${process}]:`));
}

interface Room {
  readonly reach: number;
  /** How the names begin, as far as that is known. */
  readonly user: string;
  readonly truncated: boolean;
}

/** The farthest record before it from which on the names may reach; itself where none does. */
function beginOf(records: readonly string[], at: number, { reach, user, truncated }: Room): number {
  const record = records[at] ?? "";
  let found = at;
  let length = Math.max(0, record.search(/:\[\d{1,10}\]:/));
  let before = at - 1;
  for (; reach > 0 && before >= 0 && length <= reach; before -= 1) {
    const one = records[before] ?? "";
    const [open] = openHead.exec(one) ?? [];
    length += one.length + 1;
    if (open !== undefined && one.startsWith(user, open.length) && length - open.length <= reach)
      found = before;
  }
  return truncated && reach > 0 && before < 0 && length <= reach ? 0 : found;
}

/** What the first line of a record says that cannot be read as a whole. */
function firstOf(record: string = ""): LogLine | null {
  const end = record.indexOf("\n");
  return parseLogLine(record.slice(0, Math.min(end < 0 ? record.length : end, 1000)), "postgres");
}
