import { type DiagnosisSummary, diagnosisSummarySchema, type Incident } from "../contract/incident.ts";
import { isKept } from "./plan.ts";

/**
 * An item of DynamoDB holds 400 KB, and an incident that cannot be saved cannot even be given up: whatever grows has
 * its bound here. What is dropped stands in the audit trail and in the evidence store.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
 */
const most = { actions: 12, timeline: 100, receipts: 250, events: 200, signals: 20, says: 700 };
/** Far below the limit: the item carries more than the incident, and other writers add to it. */
const mostBytes = 200_000;

export function bounded(incident: Incident): Incident {
  const listed: Incident = {
    ...incident,
    actions: withoutOld(incident.actions, incident),
    timeline: withoutLeast(incident.timeline).map((entry) => ({
      ...entry,
      says: clip(entry.says, most.says),
    })),
    receipts: newestReceipts(incident.receipts),
    applied: incident.applied.slice(-most.events),
    signals: incident.signals.slice(-most.signals),
  };
  return shrinkings.reduce(
    (smaller, shrink) => (bytesOf(smaller) > mostBytes ? shrink(smaller) : smaller),
    listed,
  );
}

/** Kept under a length of its own: ids of alarms hold names of any length. */
export function shortKey(key: string): string {
  return key.length <= 160 ? key : `${key.slice(0, 60)}…${fingerprint(key)}…${key.slice(-60)}`;
}

/** Oldest first, and never one that may have acted or is about to. */
function withoutOld(
  actions: Incident["actions"],
  incident: Incident,
  limit = most.actions,
): Incident["actions"] {
  const surplus = actions.length - limit;
  if (surplus <= 0) return actions;
  const old = new Set(actions.filter((action) => !isKept(action, incident)).slice(0, surplus));
  return actions.filter((action) => !old.has(action));
}

/** How it began stays, and what was done; that the diagnosis changed once more goes first. */
function withoutLeast(timeline: Incident["timeline"], limit = most.timeline): Incident["timeline"] {
  const surplus = timeline.length - limit;
  if (surplus <= 0) return timeline;
  const later = timeline.slice(Math.min(10, limit / 2));
  const changes = later.filter(({ kind }) => kind === "diagnosis");
  const dropped = new Set(
    [...changes, ...later.filter(({ kind }) => kind !== "diagnosis")].slice(0, surplus),
  );
  return timeline.filter((entry) => !dropped.has(entry));
}

/** A message whose receipt is forgotten would be posted again: far more are kept than there are messages to post. */
function newestReceipts(receipts: Incident["receipts"]): Incident["receipts"] {
  const all = Object.entries(receipts);
  if (all.length <= most.receipts) return receipts;
  const kept = new Set(all.slice(-most.receipts).map(([key]) => key));
  return Object.fromEntries(all.filter(([key]) => kept.has(key) || key.startsWith("evidence:")));
}

/** Tried in this order, each only when it is still too large. */
const shrinkings: readonly ((incident: Incident) => Incident)[] = [
  (incident) => ({
    ...incident,
    diagnosis: slim(incident.diagnosis, 1000),
    cause: slim(incident.cause, 1000),
  }),
  (incident) => ({ ...incident, actions: withoutOld(incident.actions, incident, 4).map(withoutSteps) }),
  (incident) => ({
    ...incident,
    timeline: withoutLeast(incident.timeline, 30),
    applied: incident.applied.slice(-60),
  }),
  (incident) => ({ ...incident, diagnosis: slim(incident.diagnosis, 200), cause: slim(incident.cause, 200) }),
  (incident) => ({ ...incident, trigger: null }),
];

/** The same diagnosis with every text and list cut; the whole one lies in the evidence store. */
function slim(summary: DiagnosisSummary | null, longest: number): DiagnosisSummary | null {
  return summary === null ? null : diagnosisSummarySchema.parse(cut(summary, longest));
}

function cut(value: unknown, longest: number): unknown {
  if (typeof value === "string") return clip(value, longest);
  if (Array.isArray(value)) return value.slice(0, 10).map((item) => cut(item, longest));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, cut(inner, longest)]));
}

function withoutSteps(action: Incident["actions"][number]): Incident["actions"][number] {
  return action.outcome === null ? action : { ...action, outcome: { ...action.outcome, steps: [] } };
}

export function clip(text: string, longest: number): string {
  return text.length <= longest ? text : `${text.slice(0, longest - 1)}…`;
}

export function bytesOf(incident: Incident): number {
  return new TextEncoder().encode(JSON.stringify(incident)).length;
}

/** Two keys that differ only in their middle stay two. FNV-1a, 32 bits. */
function fingerprint(text: string): string {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193) >>> 0;
  }
  return hash.toString(16);
}
