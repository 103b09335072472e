import { failoverStage, failoversOf, movedHere, slowFailoverMinutes } from "./failover-events.ts";
import { latestMetric } from "./latest-metric.ts";
import { beginOf, type MetricFact, metricFact } from "./metric-facts.ts";
import { minutesSince, othersOf } from "./rds-facts.ts";
import { smallerWriter } from "./smaller-writer.ts";
import type { View } from "./view.ts";

/** Pools are filled again after this long; who takes all slots later has another reason. */
const freshMinutes = 30;
const minuteMs = 60_000;
/** What led to a failover was there a minute before its first word, or so long before its last where that is all. */
const aroundMs = 3 * minuteMs;
/** What came with it came within so long. */
const withinMs = 5 * minuteMs;

export interface Reconnecting {
  readonly minutes: number;
  /**
   * Whoever was the writer was seen to have a CPU with room before it, and this one's to be full from then on: what
   * fills it came with it.
   */
  readonly fillsCpu: boolean;
}

/**
 * The writer has moved here lately, its connections were seen to rise when it did, and no slot is left. Null where the new
 * writer is a smaller one: then that is told.
 */
export function reconnecting(view: View): Reconnecting | null {
  if (view.evidence.connection.failedStep !== "no-free-slot" || smallerWriter(view) !== null) return null;
  const events = failoversOf(view);
  // In a cluster only who it moved to: readers, and who was the writer, have it otherwise.
  const newest = view.evidence.target.clusterId === null ? events[0] : (movedHere(view) ?? undefined);
  if (newest === undefined || failoverStage(newest.message) !== "done") return null;
  const minutes = minutesSince(view, newest.at);
  const ended = Date.parse(newest.at);
  const began = events.findLast(({ at }) => ended - Date.parse(at) <= slowFailoverMinutes * minuteMs)?.at;
  const at = began === undefined || began === newest.at ? ended - aroundMs : Date.parse(began) - minuteMs;
  const connections = metricFact(view, "DatabaseConnections");
  const half = (connections?.latest ?? 0) / 2;
  if (minutes > freshMinutes || !cameThen(connections, (value) => value >= half, at, ended)) return null;
  const before = writersBefore(view, at);
  const { cpuPercent } = view.thresholds;
  const hadRoom = before.length > 0 && before.every((percent) => percent < cpuPercent);
  const cpu = metricFact(view, "CPUUtilization");
  return { minutes, fillsCpu: hadRoom && cameThen(cpu, (value) => value >= cpuPercent, at, ended) };
}

/** Of all attempts. */
const fewOfAttempts = 0.05;

/**
 * Refused sign-ins a minute, as CloudWatch counts them, that are few beside all who come back meanwhile: it may count who
 * finds no slot as well. Null where there are none, where they are many, and where attempts are not counted.
 */
export function refusedBeside(view: View): number | null {
  const [refused, attempts] = ["LoginFailures", "ConnectionAttempts"].map(
    (id) => latestMetric(view.evidence, [id])?.value ?? 0,
  );
  const rate = 60 * (refused ?? 0);
  const few = rate > 0 && rate <= fewOfAttempts * (attempts ?? 0);
  return few && reconnecting(view) !== null ? rate : null;
}

/** It was seen not to be so before, and has been so since about then. */
function cameThen(
  fact: MetricFact | null,
  test: (value: number) => boolean,
  at: number,
  ended: number,
): boolean {
  if (fact === null || !test(fact.latest)) return false;
  const begin = beginOf(fact, test);
  return begin.seen && begin.at >= at && begin.at <= ended + withinMs;
}

/**
 * CPU of those who may have been the writer: in a cluster one of the others, else the same name. Of others the window's
 * highest is known alone, which counts where the window reaches back to before it, and each of them was seen.
 */
function writersBefore(view: View, at: number): readonly number[] {
  const { clusterId } = view.evidence.target;
  const own = (metricFact(view, "CPUUtilization")?.points ?? []).filter((point) => Date.parse(point.at) < at);
  if (clusterId === null) return own.map(({ value }) => value);
  const others = othersOf(view).map(({ id }) => metricFact(view, "CPUUtilization", id)?.peak ?? null);
  const seen = others.filter((peak) => peak !== null);
  return own.length === 0 || seen.length < others.length ? [] : seen;
}
