import * as z from "zod";
import { missingSchema } from "./evidence.ts";
import { neverAloneSchema, proofsShape } from "./proof.ts";
import { targetSchema } from "./target.ts";

export const severitySchema = z.enum(["P0", "P1", "P2", "P3"]);
export type Severity = z.infer<typeof severitySchema>;

export const riskSchema = z.enum(["safe", "disruptive", "irreversible"]);
export type Risk = z.infer<typeof riskSchema>;

export const categorySchema = z.enum([
  "locks",
  "connections",
  "queries",
  "resources",
  "vacuum",
  "indexes",
  "replication",
  "views",
  "integrity",
  "availability",
  "configuration",
]);
export type Category = z.infer<typeof categorySchema>;

/** What happens now, or what has long been so: hygiene of schema and settings (SPEC D9). */
export const natureSchema = z.enum(["acute", "chronic"]);
export type Nature = z.infer<typeof natureSchema>;

/** An action that would remedy a finding, with the exact statement or call and what it costs whom. */
export const proposedActionSchema = z.object({
  id: z.string(),
  spec: z.array(z.string()),
  risk: riskSchema,
  /** Parsed by the action's own input schema. */
  input: z.json(),
  /** The exact SQL or API call. */
  preview: z.string(),
  /** Who or what it hits, in one line a tired person understands. */
  describes: z.string(),
  /** What happens besides the wanted effect: rollback, broken application request, downtime. */
  consequence: z.string(),
  /** Sessions that stop waiting when it works; null when that is not what it does. */
  frees: z.number().int().nullable(),
  /**
   * False for a remedy that only a person can carry out with this version. True says that the responder can, not that
   * it may do so unasked: that takes the three proofs, too.
   */
  automatic: z.boolean(),
  ...proofsShape,
  /** Why it is never done without a person, however sure it looks. */
  neverAlone: neverAloneSchema.exactOptional(),
});
export type ProposedAction = z.infer<typeof proposedActionSchema>;

export const findingSchema = z.object({
  /** Stable id of SPEC D4. */
  id: z.string(),
  /** Unique within a diagnosis: the id, and the subject when there can be several. */
  key: z.string(),
  category: categorySchema,
  severity: severitySchema,
  /** Absent from what was stored before there was one: acute. */
  nature: natureSchema.exactOptional(),
  /** 0 to 1. */
  confidence: z.number().min(0).max(1),
  /** One sentence with its numbers. */
  summary: z.string(),
  evidence: z.array(z.object({ source: z.string(), says: z.string() })),
  /** Keys of findings that are symptoms of this one. */
  explains: z.array(z.string()),
  /** Keys of findings that explain this one; empty for a root cause. */
  explainedBy: z.array(z.string()),
  actions: z.array(proposedActionSchema),
});
export type Finding = z.infer<typeof findingSchema>;

/** Has long been so and hurts nobody now: told apart from what an incident is about. */
export function isHygiene({ nature, severity }: Pick<Finding, "nature" | "severity">): boolean {
  return nature === "chronic" && severity === "P3";
}

/**
 * "well": every common question was answered and nothing of P0–P2 was found. "unwell": something of P0–P2 was found.
 * "unknown": nothing was found, and not everything that a word of health rests on was seen.
 */
export const verdictSchema = z.enum(["well", "unwell", "unknown"]);
export type Verdict = z.infer<typeof verdictSchema>;

export const diagnosisSchema = z.object({
  schema: z.literal("diagnosis.v1"),
  target: targetSchema,
  diagnosedAt: z.string(),
  verdict: verdictSchema,
  /** The root cause in one sentence, or that nothing was found, or what could not be seen. */
  headline: z.string(),
  severity: severitySchema.nullable(),
  confidence: z.number().min(0).max(1),
  /** Keys, most important first. */
  rootCauses: z.array(z.string()),
  /** Ranked: root causes first, each followed by its symptoms. */
  findings: z.array(findingSchema),
  /** The way through the decision tree (D5). */
  path: z.array(z.object({ question: z.string(), answer: z.string() })),
  missing: z.array(missingSchema),
});
export type Diagnosis = z.infer<typeof diagnosisSchema>;
