/** One lock as InnoDB's monitor prints it. */
export interface DeadlockLock {
  readonly table: string;
  /** Null for a lock of the whole table. */
  readonly index: string | null;
  readonly page: string | null;
  readonly mode: string;
}

export interface DeadlockTransaction {
  readonly number: number;
  readonly transactionId: string;
  readonly sessionId: number | null;
  readonly user: string | null;
  readonly client: string | null;
  readonly activeSeconds: number | null;
  /** Undo log entries. */
  readonly rowsModified: number;
  /** Cut by the server after about 1,000 characters; with its literals. */
  readonly statement: string | null;
  readonly holds: readonly DeadlockLock[];
  readonly waitsFor: readonly DeadlockLock[];
}

export interface Deadlock {
  /** In the server's own time zone, `YYYY-MM-DD hh:mm:ss`. */
  readonly localTime: string | null;
  readonly transactions: readonly DeadlockTransaction[];
  /** Number of the transaction that was rolled back; null when the text ends before. */
  readonly rolledBack: number | null;
}

/** The monitor prints every lock of a big transaction. */
const maxLocks = 10;

/**
 * The section LATEST DETECTED DEADLOCK of SHOW ENGINE INNODB STATUS, as MySQL 5.7 to 9 and MariaDB print it; null
 * when there was none. The text may end anywhere: the server cuts it at 1 MB.
 */
export function parseDeadlock(status: string): Deadlock | null {
  const section = sectionOf(status);
  if (section === null) return null;
  const parts = section.split(/^\*\*\* \((\d+)\) TRANSACTION:\s*$/m);
  const locks = locksIn(section);
  const transactions: DeadlockTransaction[] = [];
  for (let index = 1; index + 1 < parts.length; index += 2) {
    const transaction = transactionOf(Number(parts[index]), parts[index + 1] ?? "", locks);
    if (transaction) transactions.push(transaction);
  }
  // The last one: a statement's text stands before it and could say the same.
  const victims = [...section.matchAll(/^\*\*\* WE ROLL BACK TRANSACTION \((\d+)\)/gm)];
  const victim = victims.at(-1)?.[1];
  return {
    localTime: /^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)/m.exec(parts[0] ?? "")?.[1] ?? null,
    transactions,
    rolledBack: victim === undefined ? null : Number(victim),
  };
}

function sectionOf(status: string): string | null {
  const header = /^-+\nLATEST DETECTED DEADLOCK\n-+\n/m.exec(status.replaceAll("\r\n", "\n"));
  if (!header) return null;
  const rest = header.input.slice(header.index + header[0].length);
  const end = /^-+\nTRANSACTIONS\n-+$/m.exec(rest)?.index;
  return rest.slice(0, end);
}

interface ListedLock {
  readonly transactionId: string;
  readonly waiting: boolean;
  readonly lock: DeadlockLock;
}

/**
 * By the transaction that each line names, not by the heading above it: MariaDB lists what a transaction holds under
 * the other one, as what it conflicts with.
 */
function locksIn(section: string): ListedLock[] {
  const line =
    /^(?:RECORD LOCKS space id \d+ page no (\d+) .*?index (.+?) of table|TABLE LOCK table) (.+?) trx id (\d+) lock[_ ]mode (.*)$/gm;
  return [...section.matchAll(line)].map(([, page, index, table = "", transactionId = "", mode = ""]) => ({
    transactionId,
    waiting: / waiting$/.test(mode),
    lock: {
      table: tableName(table),
      index: index?.replaceAll("`", "") ?? null,
      page: page ?? null,
      mode: mode.replace(/ waiting$/, ""),
    },
  }));
}

function tableName(quoted: string): string {
  return quoted
    .replaceAll("`", "")
    .replace(/\/\* Partition (.*) \*\//, "partition $1")
    .trim();
}

function transactionOf(
  number: number,
  text: string,
  locks: readonly ListedLock[],
): DeadlockTransaction | null {
  const [, transactionId, active] = /^TRANSACTION (\d+), \w+ (?:\(PREPARED\) )?(\d+) sec/m.exec(text) ?? [];
  if (transactionId === undefined) return null;
  const own = locks.filter((listed) => listed.transactionId === transactionId);
  return {
    number,
    transactionId,
    ...sessionOf(text),
    activeSeconds: active === undefined ? null : Number(active),
    rowsModified: Number(/undo log entries (\d+)/.exec(text)?.[1] ?? 0),
    holds: distinct(own.filter(({ waiting }) => !waiting)),
    waitsFor: distinct(own.filter(({ waiting }) => waiting)),
  };
}

type SessionPart = Pick<DeadlockTransaction, "sessionId" | "user" | "client" | "statement">;

/** `… thread id 33, OS thread handle 1399, query id 5186 localhost 127.0.0.1 shop updating`, then the statement. */
function sessionOf(text: string): SessionPart {
  const line = /^.*\bthread id (\d+), .*?query id \d+(.*)$/m.exec(text);
  if (!line) return { sessionId: null, user: null, client: null, statement: null };
  const words = (line[2] ?? "").trim().split(/\s+/);
  const address = words.findIndex((word) => /^\d+\.\d+\.\d+\.\d+$|^[0-9a-f]*:[0-9a-f:.]+$/i.test(word));
  const at = address < 0 && words[0] === "localhost" ? 0 : address;
  const statement = text
    .slice(line.index + line[0].length)
    .split(/^\*\*\* /m)[0]
    ?.trim();
  return {
    sessionId: Number(line[1]),
    user: at < 0 ? null : (words[at + 1] ?? null),
    client: at < 0 ? null : (words[at] ?? null),
    statement: statement || null,
  };
}

function distinct(listed: readonly ListedLock[]): DeadlockLock[] {
  const locks = new Map(listed.map(({ lock }) => [JSON.stringify(lock), lock]));
  return [...locks.values()].slice(0, maxLocks);
}
