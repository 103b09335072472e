import * as z from "zod";
import { phaseSchema } from "./failover.ts";

/** Of Step Functions' context object. The count is there once a person has redriven the execution. */
const executionSchema = z.object({ Name: z.string().min(1), RedriveCount: z.number().default(0) });

/** A run that is there already goes on; anything else is read as what a person types (failoverInputSchema). */
export const failoverStartSchema = z.union([
  /** One that failed; `force`: vetoes that whoever types it overrides, beside those of before. */
  z.strictObject({ redrive: z.string().min(1), force: z.array(z.string()).max(40).exactOptional() }),
  /** One that ended: its fence is taken off, and nothing else is done. */
  z.strictObject({ giveBack: z.string().min(1) }),
  /** From the sweeper: whoever drove it is dead. */
  z.strictObject({ takeUp: z.string().min(1) }),
]);

/** From an action (A31): the click on that card counts, in the execution of its name, for what stands on it and no more. */
export const byCardSchema = z.strictObject({
  ...{ database: z.string().min(1), reason: z.string().min(1), approvalId: z.string().min(1) },
});

/** What passes between the states: an id and a small decision. */
export const failoverStateSchema = z.object({
  schema: z.literal("failover.v1"),
  runId: z.string().min(1),
  database: z.string(),
  phase: phaseSchema,
  /** Until the next look. */
  seconds: z.number().int().nonnegative(),
  says: z.string(),
  /** Null while it goes on. */
  status: z.enum(["going-on", "done", "dry-run", "held", "failed", "deposed"]),
  nextCommand: z.string(),
});
export type FailoverState = z.infer<typeof failoverStateSchema>;

export const failoverStepSchema = z.discriminatedUnion("step", [
  z.object({ step: z.literal("begin"), execution: executionSchema, input: z.unknown() }),
  z.object({
    step: z.literal("go-on"),
    execution: executionSchema,
    /** How often this state has run before. */
    retries: z.number().int().nonnegative().default(0),
    input: failoverStateSchema,
  }),
  z.object({
    step: z.literal("give-up"),
    execution: executionSchema,
    input: z.object({
      runId: z.string().optional(),
      error: z.looseObject({ Error: z.string(), Cause: z.string().optional() }),
    }),
  }),
  /** By the clock. */
  z.object({ step: z.literal("sweep") }),
]);
export type FailoverStep = z.infer<typeof failoverStepSchema>;
