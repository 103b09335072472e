import { failoverStage, failoversOf, slowFailoverMinutes } from "./failover-events.ts";
import { metricFact } from "./metric-facts.ts";
import { minutesSince, othersOf } from "./rds-facts.ts";
import { smallerWriter } from "./smaller-writer.ts";
import type { View } from "./view.ts";

/** Pools are filled again after this long; who takes all slots later has another reason. */
const freshMinutes = 30;
const minuteMs = 60_000;
/** What led to a failover was there a minute before its first word, or so long before its last where that is all. */
const aroundMs = 3 * minuteMs;

export interface Reconnecting {
  readonly minutes: number;
  /** Whoever was the writer was seen to have a CPU with room before it: what fills it now came with it. */
  readonly hadRoom: boolean;
}

/**
 * The writer has moved lately, and its clients come back until no slot is left. Null where the new writer is a smaller
 * one: then that is told.
 */
export function reconnecting(view: View): Reconnecting | null {
  if (view.evidence.connection.failedStep !== "no-free-slot" || smallerWriter(view) !== null) return null;
  const events = failoversOf(view);
  const [newest] = events;
  if (newest === undefined || failoverStage(newest.message) !== "done") return null;
  const minutes = minutesSince(view, newest.at);
  const ended = Date.parse(newest.at);
  const began = events.findLast(({ at }) => ended - Date.parse(at) <= slowFailoverMinutes * minuteMs)?.at;
  const at = began === undefined || began === newest.at ? ended - aroundMs : Date.parse(began) - minuteMs;
  const before = writersBefore(view, at);
  if (minutes > freshMinutes) return null;
  const wasFull = before.some((percent) => percent >= view.thresholds.cpuPercent);
  return { minutes, hadRoom: before.length > 0 && !wasFull };
}

/**
 * CPU of those who may have been the writer: in a cluster one of the others, else the same name. Of others the window's
 * highest is known alone, which counts where the window reaches back to before it.
 */
function writersBefore(view: View, at: number): readonly number[] {
  const { clusterId } = view.evidence.target;
  const own = (metricFact(view, "CPUUtilization")?.points ?? []).filter((point) => Date.parse(point.at) < at);
  if (clusterId === null) return own.map(({ value }) => value);
  const others = othersOf(view).map(({ id }) => metricFact(view, "CPUUtilization", id));
  return own.length === 0 ? [] : others.flatMap((fact) => fact?.peak ?? []);
}
