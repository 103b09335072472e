import type { Change, RdsEvent } from "../contract/context.ts";
import { argument, callBefore, callsOf, callText } from "./change-calls.ts";
import { eventWords, type Kind } from "./change-words.ts";
import { upgradeKind, valuesOf } from "./changed-values.ts";
import { metricFact } from "./metric-facts.ts";
import { groupCalls, restartedAfter, type SetParameter, setter } from "./parameter-calls.ts";
import { isBounding } from "./parameter-causes.ts";
import { groupEvents, parameterSet, setText } from "./parameters-set.ts";
import { eventsOf, selfOf } from "./rds-facts.ts";
import { isSmallerClass } from "./smaller-class.ts";
import type { View } from "./view.ts";

/** Something that was changed, or changed by itself, and took effect at `at`. */
export interface Happened {
  readonly kind: Kind;
  /** ISO 8601: when it was done, not when it was asked for. */
  readonly at: string;
  /** "the change of its class from db.r6g.2xlarge to db.r6g.large by ana". */
  readonly says: string;
  readonly source: string;
  /** Class or version before and after, parameter and its value; null where nothing that was seen tells. */
  readonly from: string | null;
  readonly to: string | null;
  /** Of a parameter: its name. */
  readonly name: string | null;
}

const dayMinutes = 24 * 60;

/** Of this database, its cluster and its own parameter groups within a day, newest first; one for each kind of change. */
export function whatChanged(view: View): readonly Happened[] {
  const told = [...eventsOf(view, view.evidence.target.name, dayMinutes, true), ...groupEvents(view)].flatMap(
    (event) => fromEvent(view, event),
  );
  const seen = told.filter(isFirst);
  const called = [...fromCalls(view), ...fromAge(view)].filter(
    (one) => !seen.some((other) => isSame(one, other)),
  );
  const ofGroups = groupCalls(view)
    .flatMap((set) => ofParameter(view, set))
    .filter((one, index, all) => !seen.some((event) => covers(event, one)) && isFirst(one, index, all));
  return [...seen, ...called, ...ofGroups].toSorted((a, b) => Date.parse(b.at) - Date.parse(a.at));
}

/** The words of one upgrade are many; the newest is when it was done. Each parameter is a change of its own. */
function isSame(one: Happened, other: Happened): boolean {
  return one.kind === other.kind && one.name === other.name;
}

/** An event of before is not what a newer call did. */
const covers = (event: Happened, call: Happened): boolean =>
  isSame(event, call) && (event.at >= call.at || event.to === call.to);

function isFirst(one: Happened, index: number, all: readonly Happened[]): boolean {
  return all.findIndex((other) => isSame(one, other)) === index;
}

function fromEvent(view: View, event: RdsEvent): readonly Happened[] {
  const { at, message } = event;
  const row = eventWords.find(({ words }) => words.test(message));
  if (row === undefined) return [];
  const call = callBefore(view, row.kind, at);
  const source = "DescribeEvents";
  if (row.kind === "parameter") {
    const set = parameterSet(event);
    return set === null ? [] : ofParameter(view, set);
  }
  const kind = row.kind === "upgrade" ? upgradeKind(view, at, call) : row.kind;
  const { from, to } = valuesOf(view, kind, call, at);
  const name = kind === "call" ? "credentials" : null;
  return [{ kind, at, source, name, from, to, says: saysOf(kind, from, to, call?.by ?? null) }];
}

/**
 * What its parameter was set to by the event before it; null where none was read. Its own event comes first: at the same
 * time, or earlier where it waited for a restart.
 */
export function valueBefore(view: View, { name, at, source }: Happened): string | null {
  const values = groupEvents(view)
    .filter((event) => event.at <= at)
    .flatMap((event) => {
      const set = parameterSet(event);
      return set?.name === name ? [set.value] : [];
    });
  return values[source === "CloudTrail" ? 0 : 1] ?? null;
}

/** One that waits for a restart has changed nothing until there was one. */
function ofParameter(view: View, { name, value, method, at, by }: SetParameter): readonly Happened[] {
  const done = /^immediate/i.test(method) ? at : restartedAfter(view, at);
  if (done === null) return [];
  const says = `the change of ${setText({ name, value, by: by ?? setter(view, name, at) })}`;
  const source = by === null ? "DescribeEvents" : "CloudTrail";
  return [{ kind: "parameter", at: done, source, name, from: null, to: value, says }];
}

/** A call whose effect is described already, where no event tells when it was done: then it was done at once, or since. */
function fromCalls(view: View): readonly Happened[] {
  const self = selfOf(view);
  return callsOf(view).flatMap((call): readonly Happened[] => {
    const to = argument(call, "dBInstanceClass");
    // Tools name the class in every call: only where the answer shows another one it was changed.
    const changed = call.before?.["dBInstanceClass"] !== undefined;
    if (changed && to !== null && to === self?.instanceClass) {
      return [ofCall(view, call, "class"), ...upgradeOf(view, call), ...ofArguments(call)];
    }
    const upgrade = upgradeOf(view, call);
    if (upgrade.length > 0) return [...upgrade, ...ofArguments(call)];
    if (/^RestoreDBInstance/.test(call.what)) return [ofCall(view, call, "restored")];
    if (/^CreateDBInstanceReadReplica$/.test(call.what)) return [ofCall(view, call, "new-replica")];
    // A new one has it from its beginning.
    if (!/^ModifyDB(Instance|Cluster)$/.test(call.what)) return [];
    const switchedOn = argument(call, "enablePerformanceInsights") === "true";
    return [...(switchedOn ? [ofCall(view, call, "insights")] : []), ...ofArguments(call)];
  });
}

/** What RDS says of an upgrade may be no more than that it was patched. */
function upgradeOf(view: View, call: Change): readonly Happened[] {
  const version = argument(call, "engineVersion");
  const isDone = version !== null && version === selfOf(view)?.engineVersion;
  return call.before?.["engineVersion"] !== undefined && isDone
    ? [ofCall(view, call, upgradeKind(view, call.at, call))]
    : [];
}

/** Networks are changed at once, whatever is asked for; of storage a tool may name what it is. */
function ofArguments(call: Change): readonly Happened[] {
  const asked = argument(call, "applyImmediately") === "true";
  return [...(call.detail ?? "").matchAll(/\b(\w{1,60})=/g)].flatMap(([, name = ""]): readonly Happened[] => {
    const [from = null, to] = [call.before?.[name], argument(call, name)];
    if (
      !(asked || /^(vpcSec|publiclyA)/.test(name)) ||
      !isBounding(name) ||
      (from === null && /^iops|^storage/.test(name))
    )
      return [];
    return [{ kind: "call", at: call.at, source: "CloudTrail", name, from, to, says: callText(call) }];
  });
}

function ofCall(view: View, call: Change, kind: Kind): Happened {
  const { from, to } = valuesOf(view, kind, call, call.at);
  const says = saysOf(kind, from, to, call.by);
  return { kind, at: call.at, source: "CloudTrail", name: null, from, to, says };
}

/** Made within a day, whoever made it and of what: events are kept for 14 days, and a look-up may fail. */
function fromAge(view: View): readonly Happened[] {
  const at = selfOf(view)?.createdAt ?? null;
  const { collectedAt, target } = view.evidence;
  const isYoung = at !== null && Date.parse(collectedAt) - Date.parse(at) <= dayMinutes * 60_000;
  const restored = [...eventsOf(view, target.name, dayMinutes)].some(({ message }) =>
    /restored from/i.test(message),
  );
  if (!isYoung || restored || callsOf(view).some(({ what }) => /^(Restore|Create)DBInstance/.test(what)))
    return [];
  const says = "its creation, from a snapshot as it seems";
  return [{ kind: "restored", at, source: "DescribeDBInstances", name: null, from: null, to: null, says }];
}

function saysOf(kind: Kind, from: string | null, to: string | null, by: string | null): string {
  const values = `${from === null ? "" : ` from ${from}`}${to === null ? "" : ` to ${to}`}`;
  return `${namesOf[kind]}${values}${by === null ? "" : ` by ${by}`}`;
}

const namesOf: Readonly<Record<Kind, string>> = {
  upgrade: "the upgrade of the engine",
  "major-upgrade": "the upgrade of the engine to a new major version,",
  "minor-upgrade": "the minor upgrade of the engine",
  class: "the change of its class",
  storage: "the change of its storage",
  restored: "its restore from a snapshot",
  "new-replica": "its creation as a replica, from a snapshot of its source",
  "multi-az": "its conversion to Multi-AZ",
  failover: "the failover",
  restart: "the restart",
  maintenance: "maintenance",
  insights: "the switching on of Performance Insights",
  parameter: "the change of a parameter",
  switchover: "the switchover of its blue/green deployment",
  call: "the reset of its master credentials",
};

/** Whether a class is less than the one before it; null where nothing tells. Free memory that halved tells it, too. */
export function becameSmaller(view: View, { from, to }: Happened): boolean | null {
  const smaller = from === null || to === null ? null : isSmallerClass(from, to);
  if (smaller !== null) return smaller;
  const free = metricFact(view, "FreeableMemory");
  return free === null || free.day === null ? null : free.latest <= 0.5 * free.day;
}

/** The change within a day that left it a smaller class; null without one, or where nothing tells that it is smaller. */
export function shrunkClass(view: View): Happened | null {
  const change = whatChanged(view).find(({ kind }) => kind === "class");
  return change !== undefined && becameSmaller(view, change) === true ? change : null;
}
