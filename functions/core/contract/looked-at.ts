import * as z from "zod";
import { severitySchema, verdictSchema } from "./finding.ts";

/** A database that the incident's signals name, or that took over from one of them. */
export const lookedAtSchema = z.object({
  /** DB instance identifier. */
  name: z.string(),
  role: z.enum(["writer", "reader", "unknown"]),
  /** The newest look at it; null before the first one. */
  look: z
    .object({
      cycle: z.number().int(),
      at: z.string(),
      verdict: verdictSchema,
      severity: severitySchema.nullable(),
      headline: z.string(),
    })
    .nullable(),
});
export type LookedAt = z.infer<typeof lookedAtSchema>;
