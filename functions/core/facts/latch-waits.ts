import { mysqlEngineStateRows } from "../probes/mysql/engine-state/rows.ts";
import { compare } from "../text/compare.ts";
import { type LatchName, latchNames } from "./latch-names.ts";
import { loadProfile, type Wait } from "./load-profile.ts";
import { dbLoad } from "./outside-load.ts";
import { vcpusOfTarget } from "./rds-facts.ts";
import type { View } from "./view.ts";
import { type OutsideWait, outsideWait } from "./wait-load.ts";
import { waitNames } from "./wait-names.ts";

export interface LatchWaits {
  readonly latch: Pick<LatchName, "kind" | "words" | "advice">;
  readonly source: string;
  /** Sessions that waited for it at one moment, on average. */
  readonly averageSessions: number;
  readonly threadsRunning: number | null;
  readonly vcpus: number | null;
  readonly says: string;
  /** As Performance Insights told it; null when it was seen from inside. */
  readonly outside: OutsideWait | null;
}

/** A latch is held for microseconds: whoever sees many sessions at one has seen a queue. */
const fewSessions = 4;
const sharePercent = 30;
const mostNames = 3;
/** Threads that run for each vCPU: below this the machine keeps up with what runs. */
const crowded = 2;

/** The one that most sessions wait for; null where none stands out, and where threads have a CPU each. */
export function latchWaits(view: View): LatchWaits | null {
  const profile = loadProfile(view);
  const threadsRunning = profile?.threadsRunning ?? (profile === null ? dbLoad(view) : null);
  const vcpus = vcpusOfTarget(view);
  if (threadsRunning !== null && vcpus !== null && threadsRunning < crowded * vcpus) return null;
  const [most] = [...fromEvents(view), ...fromMonitor(view), ...fromInsights(view)].toSorted(
    (a, b) => b.averageSessions - a.averageSessions || compare(a.latch.kind, b.latch.kind),
  );
  return most === undefined ? null : { ...most, threadsRunning, vcpus };
}

type Seen = Omit<LatchWaits, "threadsRunning" | "vcpus">;

function fromEvents(view: View): readonly Seen[] {
  const known = latchNames.flatMap((latch) => atLatch(view, latch, latch.event));
  return known.length > 0 || view.evidence.target.engine === "postgres"
    ? known
    : atLatch(view, otherLatch, waitNames.latch);
}

/** Where performance_schema is off, the state of a thread tells of the same queue; a file is one's of the server. */
const ofLatch: ReadonlySet<Wait["kind"]> = new Set(["latch", "work", "io", "other"]);

function atLatch(view: View, latch: LatchWaits["latch"], names: RegExp): readonly Seen[] {
  const profile = loadProfile(view);
  const waits = (profile?.waits ?? []).filter(({ kind, name }) => ofLatch.has(kind) && names.test(name));
  const averageSessions = waits.reduce((sum, wait) => sum + wait.averageSessions, 0);
  const percent = waits.reduce((sum, wait) => sum + wait.percent, 0);
  if (profile === null || averageSessions < fewSessions || percent < sharePercent) return [];
  const says = `${Math.round(percent)} % of the working sessions wait at ${waits
    .slice(0, mostNames)
    .map(({ name }) => name)
    .join(", ")}`;
  return [{ latch, source: profile.source, averageSessions, says, outside: null }];
}

function fromMonitor(view: View): readonly Seen[] {
  const latches = view.rows(mysqlEngineStateRows)?.[0]?.latches ?? [];
  return latchNames.flatMap((latch): Seen[] => {
    const such = latches.filter(({ madeIn }) => latch.madeIn?.test(madeIn));
    // Two moments are added up.
    const averageSessions = such.reduce((sum, { waiters }) => sum + waiters, 0) / 2;
    if (averageSessions < fewSessions) return [];
    const longest = Math.max(...such.map(({ longestSeconds }) => longestSeconds));
    const says = `InnoDB's monitor lists ${such.map(({ waiters, madeIn }) => `${waiters} waits for latches of ${madeIn}`).join(", ")}, up to ${longest} s`;
    return [{ latch, source: mysqlEngineStateRows.id, averageSessions, says, outside: null }];
  });
}

/** Where nobody could look inside: the same names over minutes. */
function fromInsights(view: View): readonly Seen[] {
  if (loadProfile(view) !== null) return [];
  const known = latchNames.flatMap((latch) => outsideLatch(view, latch, latch.event));
  return known.length > 0 ? known : outsideLatch(view, otherLatch, waitNames.latch);
}

/** Of which nothing is known but that it fills the load. */
const otherLatch = { kind: "other", words: "a structure that the engine shares among all" };

function outsideLatch(view: View, latch: LatchWaits["latch"], names: RegExp): readonly Seen[] {
  // What queues for the log, a row or a table does so at a mutex, too: it is told by its own name.
  const only = (name: string): boolean => names.test(name) && !owned.some((other) => other.test(name));
  const outside = outsideWait(view, { test: only });
  if (outside === null || outside.sessions < fewSessions) return [];
  const says = `${Math.round(outside.percent)} % of the load waits at ${outside.waits.map(({ name }) => name).join(", ")}`;
  return [{ latch, source: "Performance Insights", averageSessions: outside.sessions, says, outside }];
}

const owned = [waitNames.log, waitNames.replica, waitNames.table, waitNames.row] as const;
