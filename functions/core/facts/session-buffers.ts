import { memoryOf } from "./memory.ts";
import { metricFact } from "./metric-facts.ts";
import { bytesText, minutesSince } from "./rds-facts.ts";
import type { View } from "./view.ts";
import { type Happened, valueBefore, whatChanged } from "./what-changed.ts";

/** Each session may take so much for one sort, join or scan: bytes, and kB on PostgreSQL. */
const perSession = /^(?:(?:sort|join|read|read_rnd)_buffer_size|work_mem)$/;
const kib = 1024;
/** Of all the memory of the instance. */
const muchPercent = 25;

/** The same, where it is known that it was less before: the value that was set earlier than events are read is not. */
export function wasRaisedToMuch(view: View, change: Happened): boolean {
  const before = valueBefore(view, change);
  return before !== null && Number(before) < Number(change.to) && letsSessionsTakeMuch(view, change);
}

/**
 * Whether a parameter was set, and not lowered as far as is known, to what lets the sessions that there are take a good
 * part of the memory, each of them once. False where it is not known how many there are, or how much memory.
 * https://dev.mysql.com/doc/refman/8.4/en/memory-use.html
 */
export function letsSessionsTakeMuch(view: View, change: Happened): boolean {
  const { name, to } = change;
  const memory = memoryOf(view);
  const sessions = metricFact(view, "DatabaseConnections")?.latest ?? 0;
  if (name === null || !perSession.test(name) || memory === null) return false;
  const before = valueBefore(view, change);
  if (before !== null && Number(before) >= Number(to)) return false;
  return 100 * bytesOf(change) * sessions >= muchPercent * memory;
}

function bytesOf({ name, to }: Happened): number {
  return Number(to) * (name === "work_mem" ? kib : 1);
}

/** RDS gives it three quarters by default; from here on what sessions and the system take does not fit beside it. */
const mostOfMemory = 0.8;
/** "{DBInstanceClassMemory*9/10}", as groups have it. */
const ofClass = /^\{DBInstanceClassMemory\*(\d+)\/(\d+)\}$/;

/** The same, where it is known that the pool had less before: to set it back mends it, and a larger class does not. */
export function poolWasRaised(view: View, change: Happened): boolean {
  return valueBefore(view, change) !== null && poolTakesMost(view, change);
}

/**
 * Whether InnoDB's buffer pool was set, and not lowered or set anew as far as is known, to so much of all memory that what
 * else is needed does not fit beside it. It is full hours later, when its pages have been read.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Appendix.MySQL.Parameters.html
 */
export function poolTakesMost(view: View, change: Happened): boolean {
  const memory = memoryOf(view);
  if (change.name !== "innodb_buffer_pool_size" || memory === null || memory <= 0) return false;
  const share = shareOf(change.to, memory);
  const before = valueBefore(view, change);
  if (before !== null && shareOf(before, memory) >= share) return false;
  return share >= mostOfMemory;
}

function shareOf(value: string | null, memory: number): number {
  const [, part, whole] = ofClass.exec(value ?? "") ?? [];
  return part === undefined ? Number(value) / memory : Number(part) / Number(whole);
}

export interface SetBefore {
  readonly minutesAgo: number;
  /** "it follows the change of work_mem to 524288, 97 min ago: each session may take 512 MiB for one sort or join". */
  readonly says: string;
  /** Where it was less before; the value that was set earlier than events are read is not known. */
  readonly raised: boolean;
}

/** What was set so within a day, before so many minutes ago. Null where nothing that was seen was. */
export function setBefore(view: View, minutes: number): SetBefore | null {
  const change = whatChanged(view).find(
    (one) => letsSessionsTakeMuch(view, one) && minutesSince(view, one.at) >= minutes,
  );
  if (change === undefined) return null;
  const raised = wasRaisedToMuch(view, change);
  const unseen = raised ? "" : "; whether it was raised or lowered to this could not be seen";
  return {
    raised,
    minutesAgo: minutesSince(view, change.at),
    says: `it follows ${change.says}, ${minutesSince(view, change.at)} min ago: each session may take ${bytesText(bytesOf(change))} for one sort or join, and several of them${unseen}`,
  };
}
