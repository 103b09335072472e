import { alarmSide } from "./alarm-side.ts";
import { metricFact } from "./metric-facts.ts";
import { bytesText, othersOf, selfOf } from "./rds-facts.ts";
import { toldLag } from "./replica-events.ts";
import { ownReplication, type ReplicaFact } from "./replica-facts.ts";
import { lagLimit, lagMetrics } from "./replica-metrics.ts";
import { sourceOf, sourceWrites } from "./source-writes.ts";
import type { View } from "./view.ts";

export interface LikelyLag extends ReplicaFact {
  readonly confidence: number;
}

const gib = 1024 ** 3;

/**
 * Replicas whose lag itself could not be read, and for which something else speaks: the points of the alarm on it, an
 * event, what the source keeps for the slowest. A source that writes much alone is no lag; beside such a sign it is a
 * likely cause.
 */
export function likelyLags(view: View): readonly LikelyLag[] {
  const self = selfOf(view);
  const members = [...(self === null ? [] : [self]), ...othersOf(view)];
  return members
    .filter(({ role }) => role === "replica" || role === "reader")
    .filter(({ id }) => lagMetrics.every((metric) => metricFact(view, metric, id) === null))
    .flatMap(({ id }) => likelyLag(view, id) ?? []);
}

function likelyLag(view: View, id: string): LikelyLag | null {
  const writes = sourceWrites(view, id);
  const alarmed = byAlarm(view, id);
  const hints = [toldLag(view, id), keptText(view, sourceOf(view, id))].filter((hint) => hint !== null);
  const surge = writes?.state === "surge";
  if (alarmed === null && hints.length === 0) return null;
  if (alarmed !== null && alarmed.seconds === null && hints.length === 0 && !surge) return null;
  const name = view.evidence.target.name;
  return {
    subject: id,
    who: id === name ? "this replica" : `replica ${id}`,
    lagSeconds: alarmed?.seconds ?? null,
    intendedDelaySeconds: 0,
    stop: null,
    source: alarmed === null ? "DescribeEvents" : "alarm",
    notes: [...(alarmed === null ? [] : [alarmed.says]), ...hints],
    doubt: "ReplicaLag itself could not be read",
    confidence: alarmed?.seconds != null ? 0.7 : hints.length > 0 && surge ? 0.6 : 0.45,
  };
}

/** The alarm on the lag of this replica, with the newest point that it was judged by. */
function byAlarm(view: View, id: string): { readonly seconds: number | null; readonly says: string } | null {
  const { signal } = view.evidence;
  const metric = signal?.metrics.find(({ name, dimensions }) => {
    const of = dimensions["DBInstanceIdentifier"] ?? view.evidence.target.name;
    return lagMetrics.some((one) => one === name) && of === id;
  });
  if (!signal || metric === undefined || alarmSide(view.evidence, metric.name) !== "too-high") return null;
  const point = signal.recentDatapoints.at(-1);
  const seconds =
    point === undefined || point < 0 ? null : metric.name === "ReplicaLag" ? point : point / 1000;
  const late = seconds !== null && seconds >= lagLimit(view, metric.name);
  return { seconds: late ? seconds : null, says: `the alarm on ${metric.name} is on` };
}

/** https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-metrics.html (OldestReplicationSlotLag) */
function keptText(view: View, source: string | null): string | null {
  const kept = source === null ? null : metricFact(view, "OldestReplicationSlotLag", source);
  if (kept === null || kept.latest < gib) return null;
  return `${source} keeps ${bytesText(kept.latest)} of WAL for the replica that is furthest behind`;
}

/** Minutes of a busy source. */
const manyUnapplied = 10_000;

/** MySQL and MariaDB tell no lag to everybody who may see what waits. */
export function untoldLags(view: View): readonly LikelyLag[] {
  return ownReplication(view)
    .filter(
      ({ lagSeconds, stop, unapplied = 0, intendedDelaySeconds: delay }) =>
        lagSeconds === null && stop === null && unapplied >= manyUnapplied && delay === 0,
    )
    .map((fact) => ({ ...fact, doubt: "for how long, it does not tell", confidence: 0.6 }));
}
