import type { Incident } from "../../functions/core/contract/incident.ts";
import { aDiagnosis, anAction, anIncident, anOutcome, secondsLater } from "./incident-builder.ts";

export interface Chapter {
  readonly title: string;
  /** Epoch milliseconds at which it is told. */
  readonly now: number;
  readonly incident: Incident;
}

/** The sample incident from its alarm to its resolution, as the announcer meets it. */
export function incidentStory(): Chapter[] {
  const alarm = anIncident();
  const asked: Incident = {
    ...alarm,
    status: "awaiting-approval",
    severity: "P1",
    cycle: 1,
    updatedAt: secondsLater(4),
    diagnosis: aDiagnosis(),
    cause: aDiagnosis(),
    step: { kind: "watch", seconds: 20, why: "waiting for a decision", awaitsDecision: true },
    actions: [
      anAction({ status: "awaiting-approval", approvalId: "apr-5d20", askedUntil: secondsLater(904) }),
    ],
  };
  const approved: Incident = {
    ...asked,
    status: "mitigating",
    updatedAt: secondsLater(95),
    step: { kind: "act", actionKey: "terminate-session:4242" },
    actions: [
      anAction({
        status: "approved",
        approvalId: "apr-5d20",
        decidedBy: "U0DANA01",
        updatedAt: secondsLater(95),
      }),
    ],
  };
  const done: Incident = {
    ...approved,
    updatedAt: secondsLater(104),
    step: {
      kind: "watch",
      seconds: 5,
      why: "looking whether that helped: waiting sessions went from 46 to 0",
    },
    actions: [
      anAction({
        status: "finished",
        approvalId: "apr-5d20",
        decidedBy: "U0DANA01",
        orderId: "ord-91c2",
        outcome: anOutcome(),
        updatedAt: secondsLater(104),
      }),
    ],
  };
  const healthy: Incident = {
    ...done,
    status: "monitoring",
    cycle: 2,
    updatedAt: secondsLater(110),
    healthySince: secondsLater(110),
    diagnosis: aDiagnosis({
      headline: "Nothing is wrong: 23 of 100 connections, no session waits for a lock.",
      diagnosedAt: secondsLater(110),
      severity: null,
      rootCauses: [],
      symptoms: [],
      verdict: "well",
    }),
    step: { kind: "watch", seconds: 60, why: "it looks healthy; watching that it stays so" },
    timeline: [
      ...done.timeline,
      {
        key: "healthy#1",
        at: secondsLater(110),
        kind: "recovery",
        says: "No session waits any more, 23 of 100 connections in use. Watching for 30 min before this is resolved.",
      },
    ],
  };
  const resolved: Incident = {
    ...healthy,
    status: "resolved",
    cycle: 33,
    updatedAt: secondsLater(1910),
    resolvedAt: secondsLater(1910),
    step: { kind: "resolve", reason: "healthy for 30 min" },
  };
  return [
    { title: "alarm", now: Date.parse(secondsLater(1)), incident: alarm },
    { title: "approval asked", now: Date.parse(secondsLater(5)), incident: asked },
    { title: "approved", now: Date.parse(secondsLater(95)), incident: approved },
    { title: "done", now: Date.parse(secondsLater(104)), incident: done },
    { title: "healthy", now: Date.parse(secondsLater(111)), incident: healthy },
    { title: "resolved", now: Date.parse(secondsLater(1910)), incident: resolved },
  ];
}
