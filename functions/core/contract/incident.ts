import * as z from "zod";
import { attachedAlarmSchema } from "./alarm.ts";
import { findingSchema, proposedActionSchema, severitySchema, verdictSchema } from "./finding.ts";
import { heldBackSchema } from "./held-back.ts";
import { lookedAtSchema } from "./looked-at.ts";
import { settingsToldSchema } from "./settings-standing.ts";
import { signalSchema } from "./signal.ts";
import { spentOrderSchema } from "./spent-order.ts";
import { targetSchema } from "./target.ts";
import { wayBackSchema } from "./way-back.ts";
import { outcomeSchema, refusalSchema } from "./work-order.ts";

/** What the state machine does next. The reducer decides it; no state of the machine names a rule or action. */
export const nextStepSchema = z.discriminatedUnion("kind", [
  /** `database`: DB instance identifier; its tags are read once more before the gate is asked. */
  z.object({ kind: z.literal("act"), actionKey: z.string(), database: z.string().optional() }),
  /** To ask people, if the gate would permit it then; or to end a request whose time is over. */
  z.object({
    kind: z.literal("ask-approval"),
    actionKey: z.string(),
    timeoutSeconds: z.number().int(),
    database: z.string().optional(),
  }),
  z.object({
    kind: z.literal("watch"),
    seconds: z.number().int(),
    why: z.string(),
    /** A request is out: a click ends this wait. */
    awaitsDecision: z.boolean().optional(),
  }),
  z.object({ kind: z.literal("resolve"), reason: z.string() }),
]);
export type NextStep = z.infer<typeof nextStepSchema>;

/** Where a message went: enough to edit it and to answer in its thread. */
export const receiptSchema = z.object({
  channel: z.string(),
  ts: z.string(),
  permalink: z.string().nullable(),
});
export type Receipt = z.infer<typeof receiptSchema>;

export const incidentActionSchema = z.object({
  key: z.string(),
  proposal: proposedActionSchema,
  findingKey: z.string(),
  /** DB instance identifier that it is about; absent in what was stored before there could be several. */
  database: z.string().optional(),
  mode: z.enum(["observe", "approve", "auto"]),
  status: z.enum([
    "proposed",
    "withheld",
    "awaiting-approval",
    "approved",
    "declined",
    "expired",
    "ordered",
    /** Begun, and goes on by itself; followed at every look. */
    "running",
    "finished",
  ]),
  approvalId: z.string().nullable(),
  /** Until when its request for approval is good; absent before one was made. */
  askedUntil: z.string().optional(),
  decidedBy: z.string().nullable(),
  /** Who has agreed so far, where several have to. */
  approvedBy: z.array(z.string()).exactOptional(),
  /** The order that it takes back, because a person wants it. */
  undoes: z.string().exactOptional(),
  orderId: z.string().nullable(),
  refusal: refusalSchema.nullable(),
  outcome: outcomeSchema.nullable(),
  /** Why the guards of an acting look would not have it done unasked, and when: since then a person is asked. */
  refusedUnasked: refusalSchema.extend({ at: z.string().exactOptional() }).optional(),
  wayBack: wayBackSchema.exactOptional(),
  updatedAt: z.string(),
});
export type IncidentAction = z.infer<typeof incidentActionSchema>;

export const timelineEntrySchema = z.object({
  /** Stable; also the key under which its thread message is posted once. */
  key: z.string(),
  at: z.string(),
  kind: z.enum(["signal", "diagnosis", "approval", "action", "recovery", "escalation", "note"]),
  says: z.string(),
});
export type TimelineEntry = z.infer<typeof timelineEntrySchema>;

/** The diagnosis as far as the incident has to remember it; the whole lies in the evidence store. */
export const diagnosisSummarySchema = z.object({
  evidenceId: z.string(),
  diagnosedAt: z.string(),
  headline: z.string(),
  severity: severitySchema.nullable(),
  confidence: z.number(),
  rootCauses: z.array(findingSchema),
  symptoms: z.array(z.object({ key: z.string(), summary: z.string() })),
  hygiene: z.array(z.string()).exactOptional(),
  missing: z.array(z.string()),
  /** The oldest transaction that was open, and in which database; null seconds: could not be seen. */
  openTransaction: z.object({ of: z.string(), seconds: z.number().nullable() }).exactOptional(),
  /** The way through the decision tree (D5). */
  path: z.array(z.object({ question: z.string(), answer: z.string() })).optional(),
  /** What was stored before there were three values counts as not known. */
  verdict: verdictSchema.default("unknown"),
  connected: z.boolean(),
  /** A connection was tried and failed; false when nobody tried, because the probing function itself broke. */
  unreachable: z.boolean().default(false),
});
export type DiagnosisSummary = z.infer<typeof diagnosisSummarySchema>;

export const incidentSchema = z.object({
  schema: z.literal("incident.v1"),
  id: z.string(),
  /** "account/region/name" of the database group. */
  group: z.string(),
  target: targetSchema,
  status: z.enum(["investigating", "awaiting-approval", "mitigating", "monitoring", "escalated", "resolved"]),
  severity: severitySchema.nullable(),
  openedAt: z.string(),
  updatedAt: z.string(),
  resolvedAt: z.string().nullable(),
  /** Of one that was opened again to take something back: when it was over first. */
  recoveredAt: z.string().exactOptional(),
  /** Optimistic lock of the store. */
  revision: z.number().int().nonnegative(),
  /** Keys of events already applied, newest last, bounded: an event delivered twice changes nothing. */
  applied: z.array(z.string()),
  /** Assessments so far. */
  cycle: z.number().int().nonnegative(),
  signalCount: z.number().int().nonnegative(),
  signals: z.array(
    z.object({ id: z.string(), name: z.string(), state: z.string(), at: z.string(), reason: z.string() }),
  ),
  /** Alarms that fired for it, and how they stand. */
  alarms: z.array(attachedAlarmSchema).default([]),
  /** How many signals in ALARM were attached, and how many of them the newest look could know of. */
  alarmSignals: z.number().int().nonnegative().default(0),
  alarmSignalsSeen: z.number().int().nonnegative().default(0),
  /** Every database to look at; one of them a look. */
  databases: z.array(lookedAtSchema).default([]),
  /** The look with which the present round through the databases began. */
  round: z.number().int().nonnegative().default(1),
  /** What opened it; its metrics are read at every look. */
  trigger: signalSchema.nullable().optional(),
  /** The newest diagnosis, and the first one with a root cause: the one that the resolution names. */
  diagnosis: diagnosisSummarySchema.nullable(),
  cause: diagnosisSummarySchema.nullable(),
  /** Earlier root causes that no look since could have seen gone, without their actions; bounded. Absent: none. */
  stillKnown: z.array(findingSchema).exactOptional(),
  actions: z.array(incidentActionSchema),
  heldBack: z.array(heldBackSchema).default([]),
  /** Since when a person is needed; null while none is, also after it looked healthy again. */
  escalatedAt: z.string().nullable().default(null),
  /** Somebody has it in hand: until then nobody else is called, unless it gets worse than this. */
  acknowledged: z
    .object({ by: z.string(), at: z.string(), until: z.string(), severity: severitySchema.nullable() })
    .exactOptional(),
  /** Apart from the actions, which may be proposed anew or dropped; bounded. Absent from older incidents. */
  orders: z.array(spentOrderSchema).optional(),
  /** Since when the database has looked healthy without a break; null while it does not. */
  healthySince: z.string().nullable(),
  unreachableSince: z.string().nullable(),
  /** Since when it could not be judged whether all is well, or an alarm stood without a cause; null otherwise. */
  unclearSince: z.string().nullable().default(null),
  step: nextStepSchema,
  settingsTold: settingsToldSchema.optional(),
  /** Receipts: the root message and one for each approval request. */
  root: receiptSchema.nullable(),
  receipts: z.record(z.string(), receiptSchema),
  timeline: z.array(timelineEntrySchema),
});
export type Incident = z.infer<typeof incidentSchema>;

/** A request for one click. */
export const approvalSchema = z.object({
  schema: z.literal("approval.v1"),
  id: z.string(),
  incidentId: z.string(),
  group: z.string(),
  actionKey: z.string(),
  proposal: proposedActionSchema,
  target: targetSchema,
  requestedAt: z.string(),
  expiresAt: z.string(),
  /** How many different people have to agree: 2 for irreversible actions. */
  approversNeeded: z.number().int().positive(),
  approvals: z.array(z.object({ by: z.string(), at: z.string() })),
  status: z.enum(["pending", "approved", "declined", "expired"]),
  decidedBy: z.string().nullable(),
  decidedAt: z.string().nullable(),
  /** Why it was taken back before anybody decided. */
  endedBecause: z.string().optional(),
  receipt: receiptSchema.nullable(),
});
export type Approval = z.infer<typeof approvalSchema>;
