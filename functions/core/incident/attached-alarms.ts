import { type AlarmRule, type AlarmSight, type AttachedAlarm, alarmRuleSchema } from "../contract/alarm.ts";
import type { Incident } from "../contract/incident.ts";
import type { Signal } from "../contract/signal.ts";
import { told } from "./told.ts";

const keptAlarms = 60;
/** As many as one look asks CloudWatch about: they travel through the machine with everything else. */
const askedAtOnce = 20;

/** An alarm that fires is attached; one that goes back to OK stands no longer. Events of RDS have no state to go back to. */
export function withAlarmSignal(incident: Incident, signal: Signal): Incident {
  if (signal.kind !== "alarm") return incident;
  const key = keyOfAlarm(signal);
  const before = incident.alarms.find((alarm) => alarm.key === key);
  if (before === undefined && signal.state !== "ALARM") return incident;
  if (before !== undefined && signal.at < before.at) return incident;
  const standing = signal.state === "INSUFFICIENT_DATA" ? (before?.standing ?? false) : isAlarm(signal);
  const alarm: AttachedAlarm = {
    key,
    name: signal.name,
    arn: signal.arn,
    contributor: signal.contributor ?? null,
    standing,
    since: standing && before?.standing === true ? before.since : signal.at,
    at: signal.at,
    rule: ruleOf(signal) ?? before?.rule ?? null,
    inside: false,
    says: standing ? (before?.says ?? null) : null,
  };
  return { ...incident, alarms: bounded([...incident.alarms.filter((other) => other.key !== key), alarm]) };
}

export function isAlarm({ kind, state }: Pick<Signal, "kind" | "state">): boolean {
  return kind === "alarm" && state === "ALARM";
}

function keyOfAlarm({ arn, name, contributor }: Signal): string {
  return contributor ? `${arn ?? name}#${contributor}` : (arn ?? name);
}

function ruleOf({ oneMetric, metrics, comparison, threshold }: Signal): AlarmRule | null {
  const [metric] = metrics;
  if (oneMetric !== true || metric === undefined) return null;
  const periodSeconds = metric.periodSeconds ?? 60;
  return alarmRuleSchema.safeParse({ metric, periodSeconds, comparison, threshold }).data ?? null;
}

/** What stands no longer is the first to be forgotten, the oldest first. */
function bounded(alarms: readonly AttachedAlarm[]): AttachedAlarm[] {
  if (alarms.length <= keptAlarms) return [...alarms];
  const leastNeeded = alarms.find(({ standing }) => !standing) ?? alarms[0];
  return alarms.filter((alarm) => alarm !== leastNeeded);
}

/** Alarms that the next look asks about. */
export function alarmsToAsk({ alarms }: Incident): readonly AttachedAlarm[] {
  return alarms.filter(({ standing }) => standing).slice(0, askedAtOnce);
}

/** Standing, and not known to lie inside their own threshold by now. */
export function standingAlarms({ alarms }: Incident): readonly AttachedAlarm[] {
  return alarms.filter(({ standing, inside }) => standing && !inside);
}

/**
 * What a look saw of the standing alarms. `mayEnd` is false when an alarm came after the look began: then what
 * CloudWatch answered is older than what the alarm itself has told.
 */
export function withAlarmSights(
  incident: Incident,
  sights: readonly AlarmSight[],
  { at, mayEnd }: { readonly at: string; readonly mayEnd: boolean },
): Incident {
  const ended: string[] = [];
  const alarms = incident.alarms.map((alarm) => {
    const sight = sights.find(({ key }) => key === alarm.key);
    if (!alarm.standing) return alarm;
    // Not asked about in this look: what an earlier one saw inside its threshold is no news of now.
    if (sight === undefined) return { ...alarm, inside: false };
    const over = mayEnd && (sight.state === "OK" || sight.state === "gone");
    if (over) ended.push(`${alarm.key}#${at}`);
    const rule = sight.rule ?? alarm.rule;
    const inside = rule !== null && isInside(sight, rule, at);
    return { ...alarm, standing: !over, rule, inside, says: saysOf(sight, rule, inside) };
  });
  return ended.reduce(
    (next, key) => told(next, { key: `alarm-ended#${key}`, at, kind: "note", says: endText(key, sights) }),
    { ...incident, alarms },
  );
}

function endText(key: string, sights: readonly AlarmSight[]): string {
  const sight = sights.find((one) => key.startsWith(`${one.key}#`));
  const name = sight?.key.split(":alarm:").at(-1) ?? key;
  return sight?.state === "gone"
    ? `Alarm ${name} does not exist any more.`
    : `Alarm ${name} is OK again, as CloudWatch answers: a hint of recovery, not yet proof.`;
}

const minuteMs = 60_000;

function isInside({ latest }: AlarmSight, rule: AlarmRule, at: string): boolean {
  if (latest === null) return false;
  const age = Date.parse(at) - Date.parse(latest.at);
  // RDS publishes a minute or two late; what is older says nothing about now.
  return age <= rule.periodSeconds * 2000 + 5 * minuteMs && !breaches(latest.value, rule);
}

function breaches(value: number, { comparison, threshold }: AlarmRule): boolean {
  switch (comparison) {
    case "GreaterThanOrEqualToThreshold":
      return value >= threshold;
    case "GreaterThanThreshold":
      return value > threshold;
    case "LessThanThreshold":
      return value < threshold;
    case "LessThanOrEqualToThreshold":
      return value <= threshold;
    default:
      return comparison satisfies never;
  }
}

const comparisonWords = {
  GreaterThanOrEqualToThreshold: "at or above",
  GreaterThanThreshold: "above",
  LessThanThreshold: "below",
  LessThanOrEqualToThreshold: "at or below",
} satisfies Record<AlarmRule["comparison"], string>;

function saysOf({ latest, missing }: AlarmSight, rule: AlarmRule | null, inside: boolean): string {
  if (rule === null) return missing ?? "it is no alarm on one metric, so that only its state counts";
  const limit = `it fires ${comparisonWords[rule.comparison]} ${rule.threshold}`;
  if (latest === null) return `${rule.metric.name} could not be read (${missing ?? "no value"}), ${limit}`;
  const late = inside || breaches(latest.value, rule) ? "" : `, which is too old`;
  return `${rule.metric.name} was ${latest.value} at ${latest.at.slice(11, 16)} UTC${late}; ${limit}`;
}
