import * as z from "zod";

/** One sentence of fact, and the probes or metrics that show it. */
export const proofSchema = z.object({ says: z.string().min(1), source: z.string().min(1) });
export type Proof = z.infer<typeof proofSchema>;

/**
 * What has to be shown before anything is done without a person (SPEC D11). What is absent was not shown, as in
 * everything that was stored before the question was asked: not shown is not sure, and a person decides.
 */
export const proofsShape = {
  /** The target is what does the harm. */
  causes: proofSchema.exactOptional(),
  /** Ending it ends the harm. */
  ends: proofSchema.exactOptional(),
  /** What is lost by it, known and small, and that nothing else is. */
  costs: proofSchema.exactOptional(),
} as const;

export interface Proofs {
  readonly causes?: Proof;
  readonly ends?: Proof;
  readonly costs?: Proof;
}

export const proofNames = ["causes", "ends", "costs"] as const;
export type ProofName = (typeof proofNames)[number];

/** What the responder never does, or never does something to, without a person, whatever the mode. */
export const neverAloneKinds = [
  "maintenance-statement",
  "commit-awaits-replica",
  "slow-client",
  "pausing-on-purpose",
  "buffer-pin-wait",
  "extension-wait",
  "advisory-lock",
  "explicit-lock",
  "holder-of-the-moment",
  "wait-not-its-own",
  "works-elsewhere",
  "at-work",
  "object-change",
] as const;

export const neverAloneSchema = z.object({ kind: z.enum(neverAloneKinds), says: z.string() });
export type NeverAlone = z.infer<typeof neverAloneSchema>;
export type NeverAloneKind = NeverAlone["kind"];
