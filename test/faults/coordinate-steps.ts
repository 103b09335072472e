import { expect } from "vitest";
import { actionKeyOf } from "../../functions/core/actions/action-key.ts";
import type { Evidence } from "../../functions/core/contract/evidence.ts";
import type { Incident } from "../../functions/core/contract/incident.ts";
import type { WorkOrder } from "../../functions/core/contract/work-order.ts";
import type { CoordinateInput, DecidingStep, DiagnoseInput } from "../../functions/core/contract/workflow.ts";
import { type CoordinateDeps, coordinate } from "../../functions/core/respond/coordinate.ts";
import { type DiagnoseDeps, diagnoseIncident } from "../../functions/core/respond/diagnose-incident.ts";
import { defaultSettings } from "../../functions/core/settings.ts";
import { someEvidence } from "../support/evidence-builder.ts";
import {
  aDiagnosis,
  anAction,
  anIncident,
  anOutcome,
  aProposal,
  aTarget,
} from "../support/incident-builder.ts";

/** With a way to read the evidence that was put, which the responder has none of. */
export type DecidingDeps = CoordinateDeps &
  DiagnoseDeps & { readonly evidence: { get(id: string): Promise<Evidence | null> } };

/** As the machine does: the diagnosis is a function of its own. */
export function runStep(event: CoordinateInput | DiagnoseInput, deps: DecidingDeps): Promise<unknown> {
  return event.step === "diagnose" ? diagnoseIncident(event.input, deps) : coordinate(event, deps);
}

/** A step of the machine with what it finds and what has to be true when it has run, once or twice. */
export interface StepCase {
  /** As it is saved before the step. */
  incident(id: string): Incident;
  input(id: string): CoordinateInput | DiagnoseInput;
  /** After it went wrong, was repeated as the machine repeats it, and went right. */
  holds(id: string, deps: DecidingDeps, posted: readonly string[]): Promise<void>;
}

export const deploymentSettings = { policy: { modes: { disruptive: "auto" }, approvers: ["U0DANA01"] } };

const proposal = aProposal();
const actionKey = actionKeyOf(proposal);

function opened(id: string, overrides: Partial<Incident> = {}): Incident {
  const group = `123456789012/eu-west-1/${id}`;
  return anIncident({ id, group, target: aTarget({ name: id, group }), ...overrides });
}

function acting(id: string, status: "proposed" | "ordered"): Incident {
  const action = { key: actionKey, proposal, mode: "auto", status } as const;
  return opened(id, {
    ...{ cycle: 1, diagnosis: aDiagnosis(), cause: aDiagnosis(), status: "mitigating" },
    step: { kind: "act", actionKey },
    actions: [anAction({ ...action, orderId: status === "ordered" ? orderId(id) : null })],
  });
}

const orderId = (id: string): string => `${id}-1-0`;

function order(id: string): WorkOrder {
  const { policy } = defaultSettings;
  return {
    ...{ schema: "work-order.v1", orderId: orderId(id), incidentId: id, actionId: proposal.id, actionKey },
    ...{ risk: proposal.risk, input: proposal.input, target: opened(id).target },
    ...{ issuedAt: "2026-11-21T14:04:00.000Z", expiresAt: "2026-11-21T14:05:00.000Z" },
    ...{ permittedBy: "auto", approvedBy: null },
    guards: {
      protectedUsers: policy.protectedUsers,
      protectedApplications: policy.protectedApplications,
      protectedQueries: policy.protectedQueries,
      optOutComment: policy.optOutComment,
      graceSeconds: policy.graceSeconds,
      maxRollbackRows: policy.maxRollbackRows,
    },
  };
}

const ref = (incidentId: string) => ({ schema: "respond.v1", incidentId }) as const;

/** What ReadPolicy hands to the gate. */
function readJustNow(id: string) {
  return {
    ...{ schema: "located.v1" as const, at: new Date().toISOString(), target: opened(id).target },
    ...{ reason: null, joins: null, gone: null, notes: [] },
  };
}

async function saved(id: string, { incidents }: DecidingDeps): Promise<Incident> {
  const incident = await incidents.get(id);
  if (incident === null) throw new Error(`incident ${id} is lost`);
  const keys = incident.timeline.map(({ key }) => key);
  expect(new Set(keys).size).toBe(keys.length);
  return incident;
}

async function audited(id: string, { incidents }: DecidingDeps): Promise<readonly string[]> {
  return (await incidents.audit(id)).map(({ orderId: of, phase }) => `${of} ${phase}`);
}

export const stepCases: Readonly<Partial<Record<DecidingStep, StepCase>>> = {
  prepare: {
    incident: (id) => opened(id),
    input: (id) => ({ step: "prepare", execution: id, input: ref(id) }),
    holds: async (id, deps) => {
      expect(await saved(id, deps)).toMatchObject({ cycle: 0, status: "investigating" });
      expect(await deps.incidents.openIncidentOf(opened(id).group)).toBe(id);
    },
  },
  diagnose: {
    incident: (id) => opened(id),
    input: (id) => ({
      step: "diagnose",
      input: {
        assignment: {
          ...{ schema: "assignment.v1", incidentId: id, cycle: 1, target: opened(id).target, signal: null },
          ...{ tiers: ["immediate"], settings: defaultSettings },
        },
        reports: [{ ...someEvidence(), schema: "probe-report.v1", target: opened(id).target }],
      },
    }),
    holds: async (id, deps) => {
      const incident = await saved(id, deps);
      expect(incident.cycle).toBe(1);
      const { evidenceId = "" } = incident.diagnosis ?? {};
      expect((await deps.evidence.get(evidenceId))?.target.name).toBe(id);
    },
  },
  announce: {
    incident: (id) => ({ ...acting(id, "proposed"), status: "investigating" }),
    input: (id) => ({ step: "announce", input: ref(id) }),
    holds: async (id, deps, posted) => {
      const { root, receipts } = await saved(id, deps);
      expect(root).not.toBeNull();
      expect(Object.keys(receipts)).toHaveLength(posted.length - 1);
    },
  },
  authorize: {
    incident: (id) => acting(id, "proposed"),
    input: (id) => ({ step: "authorize", input: { ...ref(id), policy: readJustNow(id) } }),
    holds: async (id, deps) => {
      const [action, ...more] = (await saved(id, deps)).actions;
      expect(more).toEqual([]);
      const phases = await audited(id, deps);
      expect(phases).toEqual([`${orderId(id)} ${action?.status}`]);
    },
  },
  record: {
    incident: (id) => acting(id, "ordered"),
    input: (id) => ({
      step: "record",
      input: {
        ...{ incidentId: id, order: order(id), error: null },
        outcome: anOutcome({ orderId: orderId(id), actionKey }),
      },
    }),
    holds: async (id, deps) => {
      expect((await saved(id, deps)).actions).toMatchObject([
        { status: "finished", outcome: { status: "done" } },
      ]);
      expect(await audited(id, deps)).toEqual([`${orderId(id)} finished`]);
    },
  },
  close: {
    incident: (id) =>
      opened(id, {
        ...{ status: "monitoring", cycle: 3, healthySince: "2026-11-21T14:05:00.000Z" },
        // Every alarm was there when it was last looked at.
        alarmSignalsSeen: opened(id).alarmSignals,
        step: { kind: "resolve", reason: "healthy for 1800 s" },
      }),
    input: (id) => ({ step: "close", input: ref(id) }),
    holds: async (id, deps, posted) => {
      expect((await saved(id, deps)).status).toBe("resolved");
      expect(await deps.incidents.openIncidentOf(opened(id).group)).toBeNull();
      expect(posted.filter((text) => /resolved/i.test(text)).length).toBeGreaterThan(0);
    },
  },
};
