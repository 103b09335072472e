import { cleanLog } from "../context/clean-log.ts";
import { eventSubjects, recentChanges } from "../context/recent-changes.ts";
import type { ContextSources, LogPortion, Sight } from "../context-ports.ts";
import type { Change, DatabaseContext, LoadDimension } from "../contract/context.ts";
import type { Missing } from "../contract/evidence.ts";
import type { Target } from "../contract/target.ts";
import type { Topology } from "../contract/topology.ts";
import { messageOf } from "../errors.ts";
import { followsIt } from "../metrics/wanted-metrics.ts";
import type { Settings } from "../settings.ts";
import { shownQuery } from "../text/normalise-query.ts";

export type SlowContext = Pick<
  DatabaseContext,
  "events" | "logs" | "load" | "sourceLoad" | "backups" | "changes"
>;

export interface Look {
  readonly target: Target;
  readonly settings: Settings;
  /** Epoch milliseconds. */
  readonly now: number;
  readonly deadline: AbortSignal;
}

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;
const logOptions = { maxLines: 40, maxLineLength: 500 };

/**
 * Events, logs, load, backups and changes, side by side: one that is slow, throttled or denied costs only itself.
 * `known` is the topology as soon as there is one; logs, backups and changes do not wait for it.
 */
export async function readSlowContext(
  look: Look,
  sources: ContextSources,
  known: Promise<Topology | null>,
): Promise<Sight<SlowContext>> {
  const { target, now, deadline } = look;
  const own = inTime("changes in CloudTrail", deadline, () =>
    sources.changes.read(target.clusterId ?? target.name, now - dayMs, now, deadline),
  );
  const [events, logs, load, sourceLoad, backups, called, ofGroup] = await Promise.all([
    inTime("RDS events", deadline, async () =>
      sources.events.read(eventSubjects(target, await known), now - dayMs, now, deadline),
    ),
    inTime("database logs", deadline, () => sources.logs.read(target, now - dayMs, deadline)),
    inTime("DB load of Performance Insights", deadline, async () => readLoad(look, sources, await known)),
    inTime("DB load of the source", deadline, async () => readSourceLoad(look, sources, await known)),
    inTime("backups", deadline, () => sources.backups.read(target, deadline)),
    own,
    readGroupChanges(look, sources, { own, known }),
  ]);
  return {
    value: {
      events: events.value === null ? null : [...events.value],
      logs: logs.value === null ? null : logs.value.map((portion) => cleaned(portion, look)),
      load: load.value === null ? null : load.value.map((dimension) => withoutLiterals(dimension, look)),
      ...(sourceLoad.value === null
        ? {}
        : { sourceLoad: sourceLoad.value.map((dimension) => withoutLiterals(dimension, look)) }),
      backups: backups.value,
      changes: listOf(recentChanges(withThose(called.value, ofGroup.value), events.value)),
    },
    missing: [events, logs, load, sourceLoad, backups, called, ofGroup].flatMap(({ missing }) => missing),
  };
}

/**
 * Of the cluster's parameter group, of which RDS has no events, or of the instance's, whose events do not say who; after
 * those of the database, as the whole account has two look-ups a second.
 */
async function readGroupChanges(
  { target, now, deadline }: Look,
  { changes }: ContextSources,
  before: { readonly own: Promise<Sight<unknown>>; readonly known: Promise<Topology | null> },
): Promise<Sight<readonly Change[] | null>> {
  const described = inTime("topology", deadline, async () => ({ value: await before.known, missing: [] }));
  const asked = (await before.own).value === null ? null : (await described).value;
  const self = asked?.members.find(({ id }) => id === target.name);
  const group = asked?.cluster?.parameterGroup ?? self?.parameterGroups[0]?.name ?? "default.";
  if (group.startsWith("default.")) return { value: null, missing: [] };
  return inTime(`changes of parameter group ${group} in CloudTrail`, deadline, () =>
    changes.read(group, now - dayMs, now, deadline),
  );
}

const withThose = (own: readonly Change[] | null, more: readonly Change[] | null) =>
  own === null ? null : [...own, ...(more ?? [])];

function listOf<T>(items: readonly T[] | null): T[] | null {
  return items === null ? null : [...items];
}

async function readLoad(
  { target, now, deadline }: Look,
  { load }: ContextSources,
  topology: Topology | null,
): Promise<Sight<readonly LoadDimension[] | null>> {
  const self = topology?.members.find(({ id }) => id === target.name);
  if (!self?.resourceId)
    return without("the DbiResourceId is not known: the instance was not described", null);
  if (self.performanceInsights.enabled === false) {
    return without("Performance Insights is off", "turn Performance Insights on for this instance");
  }
  return loadOf(self.resourceId, now, load, deadline);
}

/** Whole minutes, as the period wants them. */
function loadOf(resourceId: string, now: number, load: ContextSources["load"], deadline: AbortSignal) {
  const to = Math.floor(now / minuteMs) * minuteMs;
  return load.read(resourceId, to - 15 * minuteMs, to, deadline);
}

/** Who writes on the source of a replica; nobody misses it where there is no source with Performance Insights on. */
async function readSourceLoad(
  { target, now, deadline }: Look,
  { load }: ContextSources,
  topology: Topology | null,
): Promise<Sight<readonly LoadDimension[] | null>> {
  const self = topology?.members.find(({ id }) => id === target.name) ?? null;
  const source = topology?.members.find((member) => member.here && followsIt(self, member));
  if (!source?.resourceId || source.performanceInsights.enabled !== true) return { value: null, missing: [] };
  const { value, missing } = await loadOf(source.resourceId, now, load, deadline);
  return { value: value?.filter(({ by }) => by === "statement") ?? null, missing };
}

function without(reason: string, howToSee: string | null): Sight<null> {
  return { value: null, missing: [{ what: "DB load of Performance Insights", reason, howToSee }] };
}

function cleaned(portion: LogPortion, { target, settings }: Look) {
  return cleanLog(portion, { ...logOptions, dialect: target.engine, queryText: settings.probing.queryText });
}

function withoutLiterals(dimension: LoadDimension, { target, settings }: Look): LoadDimension {
  if (dimension.by !== "statement") return dimension;
  const options = {
    dialect: target.engine,
    queryText: settings.probing.queryText,
    optOutComment: settings.policy.optOutComment,
  };
  return {
    ...dimension,
    items: dimension.items.map((item) => ({ ...item, name: shownQuery(item.name, options) })),
  };
}

/** A part that fails or is too slow becomes null and a reason; whatever a port throws stays here. */
export async function inTime<T>(
  what: string,
  deadline: AbortSignal,
  read: () => Promise<Sight<T>>,
): Promise<Sight<T | null>> {
  try {
    return await Promise.race([read(), rejectionOf(deadline)]);
  } catch (error) {
    const reason = deadline.aborted ? "not read before the deadline" : messageOf(error);
    const missing: Missing = { what, reason, howToSee: null };
    return { value: null, missing: [missing] };
  }
}

/** Who heeds the deadline gives what it has by then. */
const graceMs = 25;

function rejectionOf(deadline: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const end = () => setTimeout(() => reject(deadline.reason), graceMs);
    if (deadline.aborted) end();
    else deadline.addEventListener("abort", end, { once: true });
  });
}
