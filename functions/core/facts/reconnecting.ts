import { failoverStage, failoversOf } from "./failover-events.ts";
import { metricFact } from "./metric-facts.ts";
import { minutesSince, othersOf } from "./rds-facts.ts";
import { smallerWriter } from "./smaller-writer.ts";
import type { View } from "./view.ts";

/** Pools are filled again after this long; who takes all slots later has another reason. */
const freshMinutes = 30;
/** What led to a failover was there before its first word. */
const aroundMs = 3 * 60_000;

export interface Reconnecting {
  readonly minutes: number;
  /** Whoever was the writer had a CPU with room before it, as far as it was seen: what fills it now came with it. */
  readonly hadRoom: boolean;
}

/**
 * The writer has moved lately, and its clients come back until no slot is left. Null where a CPU of the group was full
 * before it, which may be why it moved, and where the new writer is a smaller one: then that is told.
 */
export function reconnecting(view: View): Reconnecting | null {
  if (view.evidence.connection.failedStep !== "no-free-slot" || smallerWriter(view) !== null) return null;
  const [newest] = failoversOf(view);
  if (newest === undefined || failoverStage(newest.message) !== "done") return null;
  const minutes = minutesSince(view, newest.at);
  const before = writersBefore(view, Date.parse(newest.at) - aroundMs);
  const wasFull = before.some((percent) => percent >= view.thresholds.cpuPercent);
  return minutes > freshMinutes || wasFull ? null : { minutes, hadRoom: before.length > 0 };
}

/** CPU of those who may have been the writer: in a cluster one of the others, else the same name. */
function writersBefore(view: View, at: number): readonly number[] {
  const { name, clusterId } = view.evidence.target;
  const ids = clusterId === null ? [name] : othersOf(view).map(({ id }) => id);
  return ids.flatMap((id) =>
    (metricFact(view, "CPUUtilization", id)?.points ?? [])
      .filter((point) => Date.parse(point.at) < at)
      .map(({ value }) => value),
  );
}
