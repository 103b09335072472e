import type { AlarmSight } from "../../functions/core/contract/alarm.ts";
import type { DiagnosisSummary, Incident } from "../../functions/core/contract/incident.ts";
import type { Signal } from "../../functions/core/contract/signal.ts";
import type { IncidentEvent } from "../../functions/core/incident/events.ts";
import { newIncident } from "../../functions/core/incident/open-incident.ts";
import { reduce } from "../../functions/core/incident/reduce.ts";
import type { ReduceContext } from "../../functions/core/incident/reduce-context.ts";
import { type Mode, settingsSchema } from "../../functions/core/settings.ts";
import { aFinding, aProposal, aTarget, openedAt, secondsLater } from "./diagnosis-builder.ts";

const settings = settingsSchema.parse({ watch: { healthySeconds: 1800, checkSeconds: 20 } });

export function playContext(mode: Mode = "auto"): ReduceContext {
  return {
    settings,
    keyOf: (proposal) => `${proposal.id}:${proposal.preview}`,
    isSame: (asked, now) => asked.preview === now.preview,
    modeOf: () => mode,
  };
}

const metric = {
  namespace: "AWS/RDS",
  name: "FreeStorageSpace",
  statistic: "Minimum",
  dimensions: { DBInstanceIdentifier: "orders-prod" },
  periodSeconds: 60,
};

/** An alarm on free storage below 5,000 bytes, unless told otherwise. */
export function anAlarm(overrides: Partial<Signal> = {}): Signal {
  return {
    schema: "signal.v1",
    id: "alarm/1",
    kind: "alarm",
    via: "lambda",
    name: "orders-storage",
    arn: "arn:aws:cloudwatch:eu-central-1:123456789012:alarm:orders-storage",
    description: null,
    state: "ALARM",
    reason: "Threshold Crossed",
    at: openedAt,
    accountId: "123456789012",
    region: "eu-central-1",
    metrics: [metric],
    childAlarms: [],
    oneMetric: true,
    contributor: null,
    threshold: 5000,
    comparison: "LessThanThreshold",
    recentDatapoints: [],
    mutedBecause: null,
    tags: {},
    databases: [],
    ...overrides,
  };
}

export function aSight(overrides: Partial<AlarmSight> = {}): AlarmSight {
  return { key: anAlarm().arn ?? "", state: "ALARM", rule: null, latest: null, missing: null, ...overrides };
}

/** A look that found the sample incident's cause. */
export function aSummary(overrides: Partial<DiagnosisSummary> = {}): DiagnosisSummary {
  const finding = aFinding({ actions: [aProposal()] });
  return {
    evidenceId: "e",
    diagnosedAt: openedAt,
    headline: finding.summary,
    severity: "P1",
    confidence: 0.95,
    rootCauses: [finding],
    symptoms: [],
    missing: [],
    verdict: "unwell",
    connected: true,
    unreachable: false,
    ...overrides,
  };
}

const nothing = { severity: null, rootCauses: [] };
export const well = aSummary({ headline: "Nothing wrong found.", verdict: "well", ...nothing });
export const unknown = aSummary({
  headline: "Who waits for whom could not be seen.",
  verdict: "unknown",
  missing: ["probe postgres-blocking: timed out"],
  ...nothing,
});

type Diagnosed = Extract<IncidentEvent, { kind: "diagnosed" }>;

export function look(
  cycle: number,
  seconds: number,
  summary: DiagnosisSummary,
  more: Partial<Diagnosed> = {},
): Diagnosed {
  return { kind: "diagnosed", at: secondsLater(seconds), cycle, summary, ...more };
}

export function signalled(seconds: number, overrides: Partial<Signal> = {}): IncidentEvent {
  const at = secondsLater(seconds);
  return { kind: "signal", at, signal: anAlarm({ id: `alarm/${seconds}`, at, ...overrides }) };
}

/** An incident of the sample database, opened by `signal`, to which these events happen. */
export function play(events: readonly IncidentEvent[], mode: Mode = "auto", start = opened()): Incident {
  return events.reduce((incident, event) => reduce(incident, event, playContext(mode)), start);
}

export function opened(): Incident {
  return newIncident("inc-1", aTarget(), anAlarm(), openedAt);
}
