import type { Severity } from "../../contract/finding.ts";
import { type Capacity, capacityOf, explainsPressure, takenText } from "../../facts/capacity.ts";
import { type ConnectionTrend, connectionTrend } from "../../facts/connection-trend.ts";
import type { View } from "../../facts/view.ts";
import type { ConnectionGroup } from "../../probes/rows.ts";
import { freeIdleConnections } from "../../remedies/connection-remedies.ts";
import { compare } from "../../text/compare.ts";
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
  readonly application: string | null;
  readonly user: string | null;
  readonly client: string | null;
  /** Idle for longer than the leak threshold, and all of its connections in any state. */
  readonly leaked: number;
  readonly held: number;
  readonly oldestSeconds: number | null;
}

/** Fewer are what every pool keeps for a rainy day (SPEC T: more than 10). */
const minLeaked = 10;

/** By application, user and client, over all databases; those that hold most first. */
function leaksOf(view: View): readonly Leak[] {
  const { protectedUsers } = view.policy;
  const groups = (view.connections ?? []).filter(
    ({ user }) => !protectedUsers.some((name) => name.toLowerCase() === user?.toLowerCase()),
  );
  const byOwner = Map.groupBy(groups, ({ application, user, client }) =>
    JSON.stringify([application, user, client]),
  );
  return [...byOwner]
    .map(([key, members]) => ({ key, leak: leakOf(members) }))
    .filter(({ leak }) => leak !== null && leak.leaked > minLeaked)
    .toSorted((a, b) => (b.leak?.leaked ?? 0) - (a.leak?.leaked ?? 0) || compare(a.key, b.key))
    .flatMap(({ leak }) => leak ?? []);
}

function leakOf(groups: readonly ConnectionGroup[]): Leak | null {
  const [first] = groups;
  if (first === undefined) return null;
  const idle = groups.filter(({ state }) => state === "idle");
  const ages = idle.map(({ oldestStateSeconds }) => oldestStateSeconds).filter((age) => age !== null);
  const { application, user, client } = first;
  return {
    application,
    user,
    client,
    leaked: idle.reduce((sum, { idleOverLeak }) => sum + idleOverLeak, 0),
    held: groups.reduce((sum, { count }) => sum + count, 0),
    oldestSeconds: ages.length === 0 ? null : Math.max(...ages),
  };
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

function leakText(view: View, { application, user, client, leaked, held, oldestSeconds }: Leak): string {
  const who = application ? `app ${application}` : `user ${user ?? "unknown"}`;
  const from = client === null ? "" : ` from ${client}`;
  return `${leaked} of the ${held} connections of ${who}${from} have been idle for over ${duration(view.thresholds.leakIdleSeconds)}, the longest for ${duration(oldestSeconds)}: they are opened and not used again`;
}

const shown = 3;

function evidenceOf(view: View, leaks: readonly Leak[]): FindingDraft["evidence"] {
  const trend = connectionTrend(view.evidence);
  return [
    ...leaks.slice(0, shown).map((leak) => ({ source: "connections", says: leakText(view, leak) })),
    ...(trend === null ? [] : [{ source: "DatabaseConnections", says: trendText(trend) }]),
  ];
}

function trendText({ before, latest, risingSeconds, shape }: ConnectionTrend): string {
  if (shape === "level") return `${Math.round(latest)} now, no rise to speak of`;
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
