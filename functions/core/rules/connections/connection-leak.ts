import type { Severity } from "../../contract/finding.ts";
import { type Capacity, capacityOf, explainsPressure, takenText } from "../../facts/capacity.ts";
import {
  type ConnectionFamily,
  connectionFamilies,
  familyText,
  oldestOf,
} from "../../facts/connection-families.ts";
import { unusedOf } from "../../facts/connection-groups.ts";
import { type ConnectionTrend, connectionTrend } from "../../facts/connection-trend.ts";
import { baselineText, metricFact } from "../../facts/metric-facts.ts";
import type { View } from "../../facts/view.ts";
import type { ConnectionGroup } from "../../probes/rows.ts";
import { freeIdleConnections } from "../../remedies/connection-remedies.ts";
import { duration, percent } from "../../text/wording.ts";
import { defineRule, type FindingDraft } from "../define.ts";
import { leakFromOutside } from "./outside-leak-draft.ts";

export const connectionLeak = defineRule({
  id: "connection-leak",
  spec: ["D4"],
  category: "connections",
  title: "An application opens connections and neither uses nor closes them",
  needs: [
    "postgres-connections",
    "mysql-connections",
    "postgres-server",
    "mysql-server",
    "DatabaseConnections",
  ],
  evaluate: (view) => {
    const leaks = leaksOf(view);
    const [worst] = leaks;
    const capacity = capacityOf(view);
    if (view.connections === null) return leakFromOutside(view);
    if (worst === undefined || capacity === null) return [];
    const all = leaks.reduce((sum, { leaked }) => sum + leaked, 0);
    // A pool that sits idle far from the limit harms nobody, however old its connections are.
    if (explainsPressure(view, all, all).length > 0) return [draftOf(view, capacity, leaks, worst)];
    const soon = timeLeft(view, capacity, all);
    return soon === null ? [] : [growingDraft(view, capacity, leaks, worst, soon)];
  },
});

interface Leak {
  readonly family: ConnectionFamily;
  /** Idle for longer than the leak threshold: all of them, and the most under one name from one client. */
  readonly leaked: number;
  readonly most: number;
  readonly oldestSeconds: number | null;
}

/** Fewer are what every pool keeps for a rainy day (SPEC T: more than 10). */
const minLeaked = 10;

/** By user and application, whatever its instances are called and wherever they run; those that hold most first. */
function leaksOf(view: View): readonly Leak[] {
  const { protectedUsers } = view.policy;
  const groups = (view.connections ?? []).filter(
    ({ user }) => !protectedUsers.some((name) => name.toLowerCase() === user?.toLowerCase()),
  );
  return connectionFamilies(groups)
    .map(leakOf)
    .filter(({ leaked }) => leaked > minLeaked)
    .toSorted((a, b) => b.leaked - a.leaked);
}

function leakOf(family: ConnectionFamily): Leak {
  const idle = family.groups.filter(({ state }) => state === "idle");
  return { family, leaked: sumOf(idle), most: mostOf(idle), oldestSeconds: oldestOf(idle) };
}

function sumOf(groups: readonly ConnectionGroup[]): number {
  return groups.reduce((sum, group) => sum + unusedOf(group), 0);
}

/** Of one name and client. */
function mostOf(groups: readonly ConnectionGroup[]): number {
  const owners = Map.groupBy(groups, ({ application, client }) => JSON.stringify([application, client]));
  return Math.max(0, ...[...owners.values()].map(sumOf));
}

function draftOf(view: View, capacity: Capacity, leaks: readonly Leak[], worst: Leak): FindingDraft {
  const { used, usable, level } = capacity;
  const all = leaks.reduce((sum, { leaked }) => sum + leaked, 0);
  const severity: Severity = level === "warn" ? "P2" : "P1";
  return {
    subject: "",
    severity,
    confidence: 0.96,
    summary: `${leakText(view, worst)}; ${used > usable ? `${takenText(capacity)}:` : `with ${used} of ${usable} usable connections taken (${percent(used, usable)})`} new clients are about to be refused, or are already`,
    evidence: evidenceOf(view, leaks),
    explains: explainsPressure(view, all, all),
    actions: freeIdleConnections(view),
  };
}

/** Before the limit is reached: the count climbs, and what it climbs by is idle. */
function growingDraft(
  view: View,
  capacity: Capacity,
  leaks: readonly Leak[],
  worst: Leak,
  soonSeconds: number,
): FindingDraft {
  const { used, usable } = capacity;
  return {
    subject: "",
    severity: "P2",
    confidence: 0.6,
    summary: `${leakText(view, worst)}; ${used} of ${usable} usable connections are taken, and at this pace none is left in ${duration(soonSeconds)}`,
    evidence: evidenceOf(view, leaks),
    explains: [{ cause: "connections-near-limit", because: "what the count climbs by is idle" }],
    actions: freeIdleConnections(view),
  };
}

function leakText(view: View, { family, leaked, most, oldestSeconds }: Leak): string {
  const idle = `${leaked} of the ${family.count} connections of ${familyText(family)} have been idle for over ${duration(view.thresholds.leakIdleSeconds)}, the longest for ${duration(oldestSeconds)}`;
  return most > minLeaked
    ? `${idle}: they are opened and not used again`
    : `${idle}: each of its instances keeps no more than ${most}, and together they hold what nobody uses`;
}

const shown = 3;

function evidenceOf(view: View, leaks: readonly Leak[]): FindingDraft["evidence"] {
  const trend = connectionTrend(view.evidence);
  const fact = metricFact(view, "DatabaseConnections");
  const before = fact === null ? "" : baselineText(fact, (value) => String(Math.round(value)));
  return [
    ...leaks.slice(0, shown).map((leak) => ({ source: "connections", says: leakText(view, leak) })),
    ...(trend === null ? [] : [{ source: "DatabaseConnections", says: `${trendText(trend)}${before}` }]),
  ];
}

function trendText({ before, latest, risingSeconds, shape }: ConnectionTrend): string {
  if (shape === "level") return `${Math.round(latest)} now, hardly more than minutes ago`;
  return `from ${Math.round(before)} to ${Math.round(latest)} in ${duration(risingSeconds)}`;
}

/** Farther away than this is no reason to wake anybody. */
const soonSeconds = 3600;

/** Until the slots are full, at the pace of a steady climb that idle connections account for. */
function timeLeft(view: View, { used, usable }: Capacity, leaked: number): number | null {
  const trend = connectionTrend(view.evidence);
  if (trend === null || trend.shape !== "climb" || leaked * 2 < trend.latest - trend.before) return null;
  const left = ((usable - used) * trend.risingSeconds) / (trend.latest - trend.before);
  return left <= soonSeconds ? Math.max(0, left) : null;
}
