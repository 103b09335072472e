/**
 * What PostgreSQL logs of waits for tables: once for each that lasts longer than deadlock_timeout, and its end, with
 * log_lock_waits (on by default from PostgreSQL 18).
 * https://www.postgresql.org/docs/current/runtime-config-logging.html#GUC-LOG-LOCK-WAITS
 * https://github.com/postgres/postgres/blob/master/src/backend/storage/lmgr/proc.c (ProcSleep)
 */
const lockLine =
  /^process (\d{1,10}) (still waiting for|acquired) (\w{1,40}) on relation (\d{1,10}) of database (\d{1,10}) after (\d{1,12})/;

export interface TableLockLine {
  readonly process: string;
  readonly waits: boolean;
  readonly mode: string;
  readonly relation: string;
  readonly database: string;
  readonly seconds: number;
}

/** Null where it is no such line. */
export function tableLockLine(text: string): TableLockLine | null {
  const found = lockLine.exec(text);
  if (found === null) return null;
  const [, process = "", does, mode = "", relation = "", database = "", ms] = found;
  return { process, waits: does !== "acquired", mode, relation, database, seconds: Number(ms) / 1000 };
}

const detail = /^Process(?:es)? holding the lock: ([\d, ]*)\. Wait queue: ([\d, ]*)/;

/** Processes, in the order in which they came; null where it is no such detail. */
export function lockQueueDetail(
  text: string,
): { readonly holders: readonly string[]; readonly queue: readonly string[] } | null {
  const [all, holders = "", queue = ""] = detail.exec(text) ?? [];
  return all === undefined ? null : { holders: numbersIn(holders), queue: numbersIn(queue) };
}

const numbersIn = (text: string): readonly string[] => text.match(/\d+/g) ?? [];

const all = [
  "AccessShareLock",
  "RowShareLock",
  "RowExclusiveLock",
  "ShareUpdateExclusiveLock",
  "ShareLock",
  "ShareRowExclusiveLock",
  "ExclusiveLock",
  "AccessExclusiveLock",
];

/**
 * The requests that whole tables are asked with, and the weakest mode from which on they shut others out.
 * https://www.postgresql.org/docs/current/explicit-locking.html#LOCKING-TABLES
 */
const shutsOut: Readonly<Record<string, readonly string[]>> = {
  ShareLock: all.filter((mode) => !/^(?:AccessShare|RowShare|Share)Lock$/.test(mode)),
  ShareRowExclusiveLock: all.slice(2),
  ExclusiveLock: all.slice(1),
  AccessExclusiveLock: all,
};

/** Ordinary statements cannot pass it. */
export function isWholeTable(mode: string): boolean {
  return mode in shutsOut;
}

/** Whether who asks for `other` has to wait for who has, or asked before for, `mode`. */
export function keepsOut(mode: string, other: string): boolean {
  return shutsOut[mode]?.includes(other) ?? false;
}

/** Of statements that read or write rows. */
export function isOrdinary(mode: string): boolean {
  return all.indexOf(mode) >= 0 && all.indexOf(mode) < 3;
}
