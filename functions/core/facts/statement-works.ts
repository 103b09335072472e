import { latchNames } from "./latch-names.ts";
import type { Wait } from "./load-profile.ts";
import { isProtectedApplication } from "./protected.ts";
import { vcpusOfTarget } from "./rds-facts.ts";
import { callWorks, isCall } from "./routine-calls.ts";
import { sessionsRunning } from "./sessions-running.ts";
import type { Statement } from "./statements.ts";
import { waitsForLocks } from "./strain.ts";
import type { View } from "./view.ts";
import { waitFamilies } from "./wait-families.ts";
import { waitNames } from "./wait-names.ts";
import { waitShare } from "./workload.ts";

/** Pages are read, and parallel plans are worked at, behind latches and between processes. */
function isNoWork({ kind, name }: Wait): boolean {
  if (waitNames.page.test(name) || waitNames.parallel.test(name)) return false;
  return (
    /^(?:lock|latch|client|replica|log)$/.test(kind) ||
    /^(?:IPC|Extension):/.test(name) ||
    isOfFamily(name) ||
    latchNames.some(({ event }) => event.test(name))
  );
}

/** Whoever hides work has to be told: fewer than that are told by nobody. */
const crowded = 2;

function isSurelyNoWork({ kind, name }: Wait): boolean {
  if (waitNames.page.test(name) || waitNames.parallel.test(name)) return false;
  return (
    /^(?:lock|latch|client|replica|log)$/.test(kind) &&
    !waitNames.step.test(name) &&
    !/^query end$/i.test(name)
  );
}

const searches = /^\s*\(*\s*(?:select|with|update|delete|replace|insert[\s\S]*\bselect)\b/i;
const sleeps = /\b(?:pg_sleep\w*|sleep|benchmark|get_lock|pg_(?:try_)?advisory\w*)`? ?\(/i;
const writes = /^\s*(?:update|delete|insert|replace)\b/i;

/** Of one row that is written, its indexes and its parents' keys included, no write of its own reads so many. */
const manyPages = 300;

/** One that looks for nothing by its own text. */
export function isPlainInsert(query: string | null): boolean {
  return /^\s*insert\b(?![\s\S]*\bselect\b)/i.test(query ?? "");
}

/** No plan is made for it, and what it looks up is not in its text: its pages tell that it is no wait for the log. */
export function isHeavyInsert(statement: Statement): boolean {
  return isPlainInsert(statement.query) && pagesPerRow(statement) >= manyPages;
}

export function pagesPerRow({ total }: Statement): number {
  return (total.pages ?? 0) / Math.max(1, total.calls, total.rows);
}

/** Whether it works, and neither waits for somebody nor is told to wait. */
export function worksItself(view: View, statement: Statement): boolean {
  const { query, total } = statement;
  if (
    query === null ||
    !(searches.test(query) || isHeavyInsert(statement) || (isCall(query) && callWorks(view))) ||
    sleeps.test(query) ||
    waitsForLocks(view, statement)
  )
    return false;
  if ((total.lockSeconds ?? 0) * 2 > total.seconds) return false;
  // A write that looks at few rows waits for its log or for somebody else.
  if (writes.test(query) && (total.examined ?? 1e9) < 1000 * total.calls) return false;
  const running = sessionsRunning(view, query);
  if (running.length > 0 && running.every((session) => isProtectedApplication(session, view.policy)))
    return false;
  return !areMostlyWaiting(view);
}

function areMostlyWaiting(view: View): boolean {
  const waiting = waitShare(view, isNoWork);
  if (waiting === null || waiting.percent < 50) return false;
  const isSure = (waitShare(view, isSurelyNoWork)?.percent ?? 0) >= 50;
  return isSure || waiting.averageSessions >= crowded * (vcpusOfTarget(view) ?? crowded);
}

/** Whether a wait of that name is no work of the statement that waits. */
function isOfFamily(name: string): boolean {
  const { "expensive-statement": _work, ...others } = waitFamilies;
  return Object.values(others).some((families) => families.some(({ names }) => names.test(name)));
}
