import * as z from "zod";
import { nodeFenceOrderSchema, nodeLookOrderSchema } from "./failover-node.ts";
import { passedSettingsSchema } from "./passed-settings.ts";
import { actInputSchema, assignmentSchema } from "./workflow.ts";

const questionSchema = z.discriminatedUnion("step", [
  z.object({
    step: z.literal("look-at-node"),
    input: nodeLookOrderSchema.extend({ settings: passedSettingsSchema }),
  }),
  /** A private name is known in the VPC alone. */
  z.object({ step: z.literal("resolve-name"), input: z.object({ name: z.string().min(1) }) }),
]);
export type FailoverQuestion = z.infer<typeof questionSchema>;

/** What a function that looks inside a database may be asked: by a failover, or by an incident's machine. */
export const probeInputSchema = z.union([questionSchema, assignmentSchema]);

/** Null: it leads nowhere, or nobody answered. */
export const resolvedSchema = z.object({ leadsTo: z.string().nullable() });
export type Resolved = z.infer<typeof resolvedSchema>;

/** What a function that acts in a database may be asked. */
export const actingInputSchema = z.union([
  z.object({
    step: z.literal("fence-node"),
    input: nodeFenceOrderSchema.extend({ settings: passedSettingsSchema }),
  }),
  actInputSchema,
]);
