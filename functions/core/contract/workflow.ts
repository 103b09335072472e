import * as z from "zod";
import { attachedAlarmSchema } from "./alarm.ts";
import { contextReportSchema, probeReportSchema, tierSchema } from "./evidence.ts";
import { nextStepSchema } from "./incident.ts";
import { passedSettingsSchema } from "./passed-settings.ts";
import { settingsStandingSchema } from "./settings-standing.ts";
import { signalSchema } from "./signal.ts";
import { engineSchema, targetSchema } from "./target.ts";
import { triedSchema } from "./way-back.ts";
import { outcomeSchema, workOrderSchema } from "./work-order.ts";

/** Input of an execution, and of every state that only needs to know which incident it is about. */
export const incidentRefSchema = z.object({ schema: z.literal("respond.v1"), incidentId: z.string().min(1) });
export type IncidentRef = z.infer<typeof incidentRefSchema>;
/** Shown to whoever starts an execution by hand with something else. */
export const incidentRefExample: IncidentRef = { schema: "respond.v1", incidentId: "inc-0123456789" };

const prepareInputSchema = z.object({
  step: z.literal("prepare"),
  /** Name of the execution: an incident is in the hands of one. */
  execution: z.string().min(1),
  /** With the step that has just ended; without one the execution has just been started. */
  input: incidentRefSchema.extend({ step: nextStepSchema.optional() }),
});
export type PrepareInput = z.infer<typeof prepareInputSchema>;

const placeSchema = z.object({ name: z.string(), role: targetSchema.shape.role });

/** A database as RDS describes it just now: its role, address and tags, and with the tags the policy for it. */
export const locatedSchema = z.object({
  schema: z.literal("located.v1"),
  at: z.string(),
  /** Null: it could not be read, and `reason` says why. */
  target: targetSchema.nullable(),
  reason: z.string().nullable(),
  /** It was the writer and is not any more: this one is, and has to be looked at too. */
  joins: placeSchema.nullable(),
  /** Its name, when RDS knows it no more. */
  gone: z.string().nullable(),
  /** What people should know of their settings: names in them that are no database. */
  notes: z.array(z.string()),
});
export type Located = z.infer<typeof locatedSchema>;

/** What `prepare` hands to the two looking functions; the one in the VPC can ask nobody for more. */
export const assignmentSchema = z.object({
  schema: z.literal("assignment.v1"),
  incidentId: z.string(),
  /** Number of the assessment that is due; a repeat of it changes nothing. */
  cycle: z.number().int().positive(),
  /** As it was known, until `locate` has read it anew. */
  target: targetSchema,
  /** Whose turn it is; left out: the target's. */
  wanted: placeSchema.optional(),
  located: locatedSchema.optional(),
  signal: signalSchema.nullable(),
  /** Alarms that stand, to be asked about. */
  alarms: z.array(attachedAlarmSchema).optional(),
  /** How many signals in ALARM the incident had by then: what came later this look does not know of. */
  alarmSignals: z.number().int().nonnegative().optional(),
  /** How deep to look this time. */
  tiers: z.array(tierSchema).min(1),
  settings: passedSettingsSchema,
  /** Told in the thread when they are not what people have written last. */
  settingsStanding: settingsStandingSchema.optional(),
});
export type Assignment = z.infer<typeof assignmentSchema>;

/** What the function is asked that reads AWS: to look from outside, or only whom and under which policy. */
export const collectInputSchema = z.union([
  assignmentSchema,
  z.object({ step: z.literal("locate"), input: assignmentSchema }),
  z.object({ step: z.literal("read-policy"), input: z.looseObject({ step: nextStepSchema }) }),
]);

/** A branch of Assess that died: the other branch is still used. */
export const branchFailureSchema = z.object({
  schema: z.literal("branch-failure.v1"),
  branch: z.enum(["collect", "probe"]),
  error: z.looseObject({ Error: z.string(), Cause: z.string().optional() }),
});

export const assessmentSchema = z.object({
  assignment: assignmentSchema,
  reports: z.array(
    z.discriminatedUnion("schema", [probeReportSchema, contextReportSchema, branchFailureSchema]),
  ),
});
export type Assessment = z.infer<typeof assessmentSchema>;

/** With what the next execution of the same incident is started, and under which name. */
export const nextRunSchema = incidentRefSchema.extend({ execution: z.string().min(1), engine: engineSchema });
export type NextRun = z.infer<typeof nextRunSchema>;

/** What the machine chooses by. */
export const decisionSchema = z.object({
  schema: z.literal("respond.v1"),
  incidentId: z.string(),
  step: nextStepSchema,
});
export type Decision = z.infer<typeof decisionSchema>;

/** The gate's answer: an order to carry out, or another step. */
export const authorizationSchema = z.object({
  schema: z.literal("respond.v1"),
  incidentId: z.string(),
  permitted: z.boolean(),
  order: workOrderSchema.nullable(),
  step: nextStepSchema,
  /** For the acting function, which can ask nobody: how to sign in, and its deadlines. */
  settings: passedSettingsSchema,
});
export type Authorization = z.infer<typeof authorizationSchema>;

const authorizeInputSchema = incidentRefSchema.extend({
  /** Read just before; absent when that failed. */
  policy: locatedSchema.nullish(),
  /** Where the machine was going when it read that. */
  step: nextStepSchema.optional(),
});
export type AuthorizeInput = z.infer<typeof authorizeInputSchema>;

export const restInputSchema = z.object({ incidentId: z.string(), taskToken: z.string().min(1) });

export const actInputSchema = z.object({
  order: workOrderSchema,
  settings: passedSettingsSchema,
  /** Attempts before this one that may have begun; calls that Lambda turned away are none. An older machine may say nothing. */
  retries: z.number().int().nonnegative().optional(),
});

/** Of the function that changes AWS: only to look whether it could be done. No order, so that nobody takes it for one. */
export const tryInputSchema = z.object({ tries: workOrderSchema });

/** Input of an execution that looks at the way back of what an incident that is over made larger. */
export const wayBackRefSchema = z.object({
  ...{ schema: z.literal("way-back.v1"), incidentId: z.string().min(1), orderId: z.string().min(1) },
  /** Which look at a day it is: a repeat of one that was told is no next one. */
  look: z.number().int().positive(),
});
export type WayBackRef = z.infer<typeof wayBackRefSchema>;

/** Outcome of an order, or the error of the function that should have carried it out. */
export const recordInputSchema = z.object({
  incidentId: z.string(),
  order: workOrderSchema,
  /** One of the two is there, depending on how the acting function ended. */
  outcome: outcomeSchema.nullable().default(null),
  error: z.looseObject({ Error: z.string(), Cause: z.string().optional() }).nullable().default(null),
  /** Attempts that may have begun, before the one of `error`; absent while an older machine still runs. */
  attempts: z.object({ begun: z.number().int().nonnegative() }).optional(),
});

export const failureInputSchema = z.object({
  incidentId: z.string(),
  error: z.looseObject({ Error: z.string(), Cause: z.string().optional() }),
});

/** Input of an execution that only says that an alarm names no database: no incident, and nothing else follows. */
export const unknownDatabaseSchema = z.object({
  schema: z.literal("unknown-database.v1"),
  signal: signalSchema,
  reason: z.string(),
});
export type UnknownDatabase = z.infer<typeof unknownDatabaseSchema>;

/** What is seen becomes what is the matter: a function of its own, which holds every rule. */
export const diagnoseInputSchema = z.object({ step: z.literal("diagnose"), input: assessmentSchema });
export type DiagnoseInput = z.infer<typeof diagnoseInputSchema>;

/** Every other step that decides or speaks, run by one function; the machine names the step and hands over its input. */
export const coordinateInputSchema = z.discriminatedUnion("step", [
  prepareInputSchema,
  z.object({ step: z.literal("announce"), input: incidentRefSchema }),
  z.object({ step: z.literal("authorize"), input: authorizeInputSchema }),
  z.object({ step: z.literal("rest"), input: restInputSchema }),
  z.object({ step: z.literal("record"), input: recordInputSchema }),
  z.object({ step: z.literal("close"), input: incidentRefSchema }),
  z.object({ step: z.literal("next-run"), execution: z.string().min(1), input: incidentRefSchema }),
  z.object({
    step: z.literal("give-up"),
    execution: z.string().min(1),
    /** How often this state has run before; absent while an older machine still runs. */
    retries: z.number().int().nonnegative().optional(),
    input: failureInputSchema,
  }),
  z.object({ step: z.literal("tell-unknown"), input: unknownDatabaseSchema }),
  z.object({ step: z.literal("way-back"), input: wayBackRefSchema }),
  z.object({
    step: z.literal("tell-way-back"),
    input: wayBackRefSchema.extend({
      tried: triedSchema.nullish(),
      error: z.looseObject({ Error: z.string(), Cause: z.string().optional() }).nullish(),
    }),
  }),
]);
export type CoordinateInput = z.infer<typeof coordinateInputSchema>;
export type CoordinateStep = CoordinateInput["step"];
/** Of either function. */
export type DecidingStep = CoordinateStep | DiagnoseInput["step"];
