import type { Incident } from "../contract/incident.ts";
import type { Signal } from "../contract/signal.ts";
import type { Target } from "../contract/target.ts";

/**
 * "account/region/name": incidents of different accounts and Regions never share a group. RDS gives the whole name,
 * with the account and Region of the source where a replica follows one elsewhere; a bare name is a lab's.
 */
export function groupOf({ group, accountId, region }: Target): string {
  return group.split("/").length === 3 ? group : `${accountId ?? "local"}/${region ?? "local"}/${group}`;
}

/** A fresh incident; its first signal is applied like every later one, by the reducer. */
export function newIncident(id: string, target: Target, signal: Signal, at: string): Incident {
  return {
    schema: "incident.v1",
    id,
    group: groupOf(target),
    target,
    status: "investigating",
    severity: null,
    openedAt: at,
    updatedAt: at,
    resolvedAt: null,
    revision: 0,
    applied: [],
    cycle: 0,
    signalCount: 0,
    signals: [],
    alarms: [],
    alarmSignals: 0,
    alarmSignalsSeen: 0,
    databases: [{ name: target.name, role: target.role, look: null }],
    round: 1,
    trigger: signal,
    diagnosis: null,
    cause: null,
    actions: [],
    heldBack: [],
    escalatedAt: null,
    healthySince: null,
    unreachableSince: null,
    unclearSince: null,
    step: {
      kind: "watch",
      seconds: 0,
      why: signal.kind === "manual" ? signal.reason : `${signal.name} has just fired`,
    },
    root: null,
    receipts: {},
    timeline: [],
  };
}
