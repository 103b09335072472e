import type { LogExcerpt } from "../contract/log-excerpt.ts";
import { duration, grouped, statementText } from "../text/wording.ts";
import { vcpusOfTarget } from "./rds-facts.ts";
import type { View } from "./view.ts";

export const slowLog = "slow log";

/** What one statement takes of the slow log's last minutes. */
export interface SlowStatement {
  /** Without its literals. */
  readonly query: string;
  readonly calls: number;
  /** Of all calls that are there. */
  readonly of: number;
  /** Of the time of all of them. */
  readonly percent: number;
  /** Sessions at a time. */
  readonly sessions: number;
  readonly secondsEach: number;
  readonly examinedEach: number;
  readonly sentEach: number;
  readonly user: string | null;
}

/**
 * Its newest call is no older, or than the time from one to the next, or than one call takes where there was more than a
 * round of them: what was slow before that is over. A call is logged when it ends.
 */
const longestSeconds = 3 * 60;
/** A log is read a minute or two after it was written. */
const lateSeconds = 150;
/**
 * Of a CPU, for each row that is looked at: who looks at few is slow since it gets no CPU, and takes none. Within a factor
 * of some three, by rows a second of full scans.
 */
const secondsPerRow = 2e-6;
/** Fewer are anybody's. */
const fewestCalls = 3;
/** Sessions for each vCPU: less does not fill them. */
const leastPerCpu = 0.5;

/**
 * The statement that takes most of what the slow log has of the last minutes, where so many calls at a time keep half of
 * the CPUs busy; null where it is off, old, or has a few slow ones now and then, as any day. Who waited for locks did no work.
 */
export function slowStatement(view: View): SlowStatement | null {
  const vcpus = vcpusOfTarget(view);
  const isPostgres = view.evidence.target.engine === "postgres";
  const fresh = freshest(view);
  if (vcpus === null || fresh === null) return null;
  const { slow, first } = fresh;
  const sessions = first.seconds / slow.spanSeconds;
  // As far as they lie within it.
  const rows = (first.examined / slow.spanSeconds) * (first.seconds / (first.secondsEach * first.calls || 1));
  // PostgreSQL does not tell them.
  const busy = isPostgres ? sessions : Math.min(sessions, rows * secondsPerRow);
  if (busy < leastPerCpu * vcpus) return null;
  return {
    query: first.query,
    calls: first.calls,
    of: slow.calls,
    percent: (100 * first.seconds) / slow.seconds,
    sessions,
    secondsEach: first.secondsEach,
    examinedEach: first.examined / first.calls,
    sentEach: first.sent / first.calls,
    user: first.user,
  };
}

type Slow = NonNullable<LogExcerpt["slow"]>;

/** What takes most of the newest slow log, while its calls go on; null where it is off, old, or has a few. */
function freshest(view: View): { readonly slow: Slow; readonly first: Slow["statements"][number] } | null {
  const { context, collectedAt } = view.evidence;
  const [slow] = (context?.logs ?? []).flatMap((log) => log.slow ?? []);
  const [first] = slow?.statements ?? [];
  if (slow === undefined || first === undefined || first.calls < fewestCalls) return null;
  const age = (Date.parse(collectedAt) - Date.parse(slow.until)) / 1000;
  const again =
    (first.betweenSeconds ?? 0) >= first.secondsEach ? Math.min(longestSeconds, first.secondsEach) : 0;
  const isOver = age < -60 || age > Math.max(lateSeconds, slow.spanSeconds / first.calls, again);
  return isOver ? null : { slow, first };
}

const manyCalls = 10;
const nearlyAll = 0.8;
const leastShare = 0.1;
const manyRows = 100_000;
/** Looked at for each that is sent. */
const rowsEach = 1000;

/**
 * "24 of 24 calls in the slow log of 5 min are of one statement that looks at 1,912,440 rows for 1 …": what most likely
 * takes the CPU where nobody else tells, though what is logged would not fill it. Null where none stands out so.
 */
export function slowSuspect(view: View): string | null {
  const { slow, first } = freshest(view) ?? {};
  const query = statementText(first?.query ?? null);
  if (slow === undefined || first === undefined || query === null || first.calls < manyCalls) return null;
  const { calls, examined, sent, seconds } = first;
  const isScan = examined >= manyRows * calls && examined >= rowsEach * Math.max(1, sent);
  // A trifle of what the CPUs did is no suspect.
  const isMuch = seconds / slow.spanSeconds >= leastShare * (vcpusOfTarget(view) ?? 1);
  if (!isScan || !isMuch || seconds < nearlyAll * slow.seconds) return null;
  return `${calls} of ${slow.calls} calls in the slow log of ${duration(slow.spanSeconds)} are of one statement that looks at ${grouped(Math.round(examined / calls))} rows for ${Math.round(sent / calls)}: ${query}`;
}
