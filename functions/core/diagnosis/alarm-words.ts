import { alarmSide, isBelowThreshold, thresholdOf } from "../facts/alarm-side.ts";
import { baselineText, type MetricFact, metricFact } from "../facts/metric-facts.ts";
import { metricText } from "../facts/metric-text.ts";
import { selfOf } from "../facts/rds-facts.ts";
import { unreadAlarm } from "../facts/unread-metrics.ts";
import { shortlyBefore } from "../facts/untold-words.ts";
import { isAsEver, isNoLowerThanEver } from "../facts/usual.ts";
import type { View } from "../facts/view.ts";
import { compare } from "../text/compare.ts";
import { duration } from "../text/wording.ts";

/** Metrics in the alarm that started this; sorted, because the order of delivery says nothing. */
export function alarmText({ evidence }: View): string | null {
  const { signal } = evidence;
  if (signal === null || signal.state !== "ALARM") return null;
  const names = signal.metrics
    .map(({ name }) => `${alarmSide(evidence, name) === "too-low" ? "low " : ""}${name}`)
    .toSorted(compare);
  return names.length === 0 ? signal.name : names.join(", ");
}

/** What there is to say of an alarm for which nothing was found, as a sentence behind another; empty without one. */
export function unexplained(view: View): string {
  const alarm = alarmText(view);
  if (alarm === null) return "";
  const usual = usualAlarm(view);
  if (usual !== "") return usual;
  const low = lowAlone(view);
  const unread = unreadAlarm(view);
  return ` The alarm on ${alarm} is not explained${low === null ? highText(view, oneAlone(view)) : risingText(low)}${shortlyBefore(view)}.${unread === null ? "" : ` ${unread}.`}`;
}

/** That the alarm is over, or what it is about as ever at this hour; empty where it is not, or that is not known. */
export function usualAlarm(view: View): string {
  const alarm = alarmText(view);
  if (alarm === null) return "";
  if (isBack(view)) return ` The alarm on ${alarm} is back to OK${nowText(view)}.`;
  const facts = (view.evidence.signal?.metrics ?? []).map(({ name }) => metricFact(view, name));
  if (facts.length > 0 && facts.every((each) => isHighAsEver(view, each))) {
    const backup = selfOf(view)?.status === "backing-up" ? ", and RDS takes its backup" : "";
    return ` ${alarm} is as high as a day and a week ago at this hour${backup}${withinText(view, facts)}.`;
  }
  const low = lowAlone(view);
  const asEver = low === null ? null : lowAsEver(low);
  return asEver === null ? "" : ` ${asEver}.`;
}

/**
 * Where nothing is wrong, what the alarm is about all the same: how it stands to the threshold, so that nobody looks for
 * what was found. Empty where an alarm has no one metric, or another unit.
 */
export function standingAlarm(view: View): string {
  const fact = oneAlone(view);
  const limit = fact === null ? null : thresholdOf(view.evidence, fact.id);
  if (fact === null || limit === null) return "";
  const side = alarmSide(view.evidence, fact.id);
  if (side !== "too-high" && side !== "too-low") return "";
  const beyond = side === "too-high" ? fact.latest >= limit : fact.latest <= limit;
  const show = (value: number): string => metricText(fact.id, value);
  const now = `${fact.id} is at ${show(fact.latest)}`;
  const threshold = `the alarm's threshold of ${show(limit)}`;
  return beyond
    ? ` ${now}, ${side === "too-high" ? "over" : "under"} ${threshold}, and nothing was found that suffers from it${baselineText(fact, show)}.`
    : ` ${now} by the ${fact.statistic.toLowerCase()} of its last minute, within ${threshold}; ${countsOtherwise}.`;
}

const countsOtherwise = "the alarm itself may count otherwise (its statistic and period)";

/** So CloudWatch said at this look, of all alarms that were attached. */
function isBack({ evidence: { alarms = [] } }: View): boolean {
  return alarms.length > 0 && alarms.every(({ state }) => state === "OK");
}

function nowText(view: View): string {
  const fact = oneAlone(view);
  return fact === null ? "" : `, ${metricText(fact.id, fact.latest)} now`;
}

/** ", and within the alarm's threshold": what is as ever is not what it rang for, unless it counts otherwise. */
function withinText({ evidence }: View, [fact, ...others]: readonly (MetricFact | null)[]): string {
  return fact != null && others.length === 0 && isBelowThreshold(evidence, fact)
    ? `, and by the ${fact.statistic.toLowerCase()} of its last minute within the alarm's threshold; ${countsOtherwise}`
    : "";
}

/** The one metric of an alarm. */
function oneAlone(view: View): MetricFact | null {
  const [metric, ...others] = view.evidence.signal?.metrics ?? [];
  return metric === undefined || others.length > 0 ? null : metricFact(view, metric.name);
}

/** The same of an alarm on little of it. */
function lowAlone(view: View): MetricFact | null {
  const fact = oneAlone(view);
  return fact !== null && alarmSide(view.evidence, fact.id) === "too-low" ? fact : null;
}

function isHighAsEver({ evidence }: View, fact: MetricFact | null): boolean {
  return fact !== null && alarmSide(evidence, fact.id) === "too-high" && isAsEver(fact);
}

/** "FreeStorageSpace is as low as …: 488 GiB and 501 GiB, 486 GiB now"; null where it is lower. */
function lowAsEver(fact: MetricFact): string | null {
  const { id, latest, day, week } = fact;
  if (day === null || week === null || !isNoLowerThanEver(fact)) return null;
  return `${id} is as low as a day and a week ago at this hour: ${metricText(id, day)} and ${metricText(id, week)}, ${metricText(id, latest)} now`;
}

/** ": 65 % now, its threshold is 60 %; 48 % a day ago …", of an alarm on much of one metric: whether it is set too low. */
function highText({ evidence }: View, fact: MetricFact | null): string {
  if (fact === null || alarmSide(evidence, fact.id) !== "too-high") return "";
  const threshold = thresholdOf(evidence, fact.id);
  if (threshold === null) return "";
  const show = (value: number): string => metricText(fact.id, value);
  return `: ${show(fact.latest)} now, its threshold is ${show(threshold)}${baselineText(fact, show)}`;
}

const noticeably = 1.02;

/** "; it rises, from 21 to 24 within 14 min": whoever waits sees it leave its alarm. */
function risingText({ id, points, latest }: MetricFact): string {
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined || latest < noticeably * first.value) return "";
  const half = points.slice(0, Math.ceil(points.length / 2));
  const highest = Math.max(...half.map(({ value }) => value));
  if (latest < highest) return "";
  const seconds = (Date.parse(last.at) - Date.parse(first.at)) / 1000;
  return `; it rises, from ${metricText(id, first.value)} to ${metricText(id, latest)} within ${duration(seconds)}`;
}
