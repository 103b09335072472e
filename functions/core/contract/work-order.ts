import * as z from "zod";
import { riskSchema } from "./finding.ts";
import { targetSchema } from "./target.ts";

/** Who and what is never signalled, and how a kill proceeds. Travels in the order: the VPC reaches no store. */
export const guardSettingsSchema = z.object({
  protectedUsers: z.array(z.string()),
  protectedApplications: z.array(z.string()),
  /** Regular expressions, matched without regard to case against the statement. */
  protectedQueries: z.array(z.string()),
  /** Absent means no. */
  actOnAdministrators: z.boolean().optional(),
  /** A statement that carries this comment is never touched. */
  optOutComment: z.string(),
  /** PostgreSQL: time between cancel and terminate. */
  graceSeconds: z.number().nonnegative(),
  /** MySQL and MariaDB: a kill that must roll back more rows than this is not done unasked. */
  maxRollbackRows: z.number().int().nonnegative(),
  /** A transaction that has been open longer is not cut off by a change on AWS. Absent from orders of before. */
  maxLostWorkSeconds: z.number().nonnegative().exactOptional(),
  /**
   * The oldest transaction that was open at the last look before the order; null seconds: could not be seen. Only of what
   * restarts; absent where there was no look, and from orders of before.
   */
  openTransaction: z.object({ seconds: z.number().nonnegative().nullable(), at: z.string() }).exactOptional(),
  /** No class is made larger than this one; null and absent: no limit. */
  maxInstanceClass: z.string().nullable().exactOptional(),
  /** Which hosts of the application may be called, and by which secret it is signed. Absent: none. */
  webhooks: z
    .object({
      hosts: z.array(z.string()),
      allowPrivate: z.boolean(),
      signingSecretArn: z.string().nullable(),
    })
    .exactOptional(),
  /** Nobody was asked: what only a person may do is then refused. Absent from orders of before. */
  unasked: z.boolean().optional(),
});
export type GuardSettings = z.infer<typeof guardSettingsSchema>;

/** What takes an action back, as an order of its own: it goes the same way, through the gate and its guards. */
export const undoSchema = z.object({
  actionId: z.string(),
  input: z.json(),
  /** The exact statement. */
  preview: z.string(),
  describes: z.string(),
});
export type Undo = z.infer<typeof undoSchema>;

/** What was begun and goes on by itself: an index build, a vacuum, a change that RDS makes. */
export const runningSchema = z.object({
  startedAt: z.string(),
  /** Nobody waits for it any longer than this. */
  until: z.string(),
  /** By which the action finds it again: a backend, a status that is expected. */
  handle: z.json(),
  /** What takes back what is there of it, as whoever saw it last has told; null: nothing is there. Absent: nobody has told. */
  undo: undoSchema.pick({ actionId: true, input: true }).nullable().exactOptional(),
});
export type Running = z.infer<typeof runningSchema>;
export type Followed = Running & {
  readonly mayTidy: boolean;
  readonly held?: string;
  readonly release?: string;
};

/** Permission to do one thing to one target, once, soon. Issued by the gate; refused after `expiresAt`. */
export const workOrderSchema = z.object({
  schema: z.literal("work-order.v1"),
  orderId: z.string(),
  incidentId: z.string(),
  actionId: z.string(),
  /** Same key, same effect: two orders with one key do it once. */
  actionKey: z.string(),
  risk: riskSchema,
  input: z.json(),
  target: targetSchema,
  issuedAt: z.string(),
  expiresAt: z.string(),
  permittedBy: z.enum(["auto", "approval", "command-line"]),
  approvedBy: z.string().nullable(),
  /** The card that was clicked on. Absent where nobody was asked, and from orders of before. */
  approvalId: z.string().exactOptional(),
  guards: guardSettingsSchema,
  /** Which function carries it out: the one of the target's engine, or the one that changes things on AWS. Absent: the engine's. */
  acts: z.enum(["database", "aws"]).exactOptional(),
  /**
   * It was begun before, and it is looked how far it is. `mayTidy`: the next call of it may be sent, and what it has left
   * behind, such as an invalid index, be taken away; `held`: else which guard says no; `release`: what lifts it.
   */
  follows: runningSchema
    .extend({
      mayTidy: z.boolean(),
      held: z.string().exactOptional(),
      release: z.string().exactOptional(),
    })
    .exactOptional(),
});
export type WorkOrder = z.infer<typeof workOrderSchema>;

/** A guard's "no": what was not done, which guard said so, how to release it. */
export const refusalSchema = z.object({
  guard: z.string(),
  reason: z.string(),
  release: z.string(),
});
export type Refusal = z.infer<typeof refusalSchema>;

export const outcomeSchema = z.object({
  schema: z.literal("action-outcome.v1"),
  orderId: z.string(),
  actionId: z.string(),
  actionKey: z.string(),
  /**
   * done: acted and verified; already-done: the target was gone before; refused: a guard said no;
   * running: begun, and goes on by itself, to be followed at later looks; not-verified: acted, effect not seen yet;
   * failed: the engine or AWS said no.
   */
  status: z.enum(["done", "already-done", "refused", "running", "not-verified", "failed"]),
  summary: z.string(),
  refusal: refusalSchema.nullable(),
  /** What was sent, in order, with the time it took. */
  steps: z.array(z.object({ at: z.string(), says: z.string() })),
  /** Ids of sessions that were signalled. */
  killed: z.array(z.number().int()),
  /**
   * Whether a signal may have been carried out, by this attempt or by an earlier one whose answer was lost. Absent from
   * outcomes that are older than the question; read it with `mayHaveActed`.
   */
  mayHaveActed: z.boolean().optional(),
  /** Of what may have acted: how to take it back. Absent where there is no way, or nothing to take back. */
  undo: undoSchema.exactOptional(),
  /** With status "running" only. */
  running: runningSchema.exactOptional(),
  tookMs: z.number().nonnegative(),
});
export type Outcome = z.infer<typeof outcomeSchema>;

/** What may have happened counts as happened: limits and pauses go by this, not by what was confirmed. */
export function mayHaveActed({ status, killed, mayHaveActed: said }: Outcome): boolean {
  return killed.length > 0 || (said ?? status !== "refused");
}

/**
 * A guard said no to a repeat, and an attempt before it may have done it. Not so of what was looked for in vain: nothing
 * shows that it was ever sent.
 */
export function mayBeDoneBefore(outcome: Pick<Outcome, "status" | "refusal" | "mayHaveActed">): boolean {
  const { status, refusal, mayHaveActed: said } = outcome;
  return status === "refused" && said === true && refusal?.guard !== "not-sent";
}

/**
 * The audit trail: written before acting ("ordered"), when what was begun goes on by itself ("began"), and after ("finished"). Never changed once written: where two
 * executions carried out one order, and the one that did nothing was heard first, the other's outcome is "corrected".
 */
export const auditRecordSchema = z.object({
  schema: z.literal("audit.v1"),
  incidentId: z.string(),
  orderId: z.string(),
  phase: z.enum(["ordered", "began", "finished", "withheld", "corrected"]),
  at: z.string(),
  order: workOrderSchema.nullable(),
  outcome: outcomeSchema.nullable(),
  refusal: refusalSchema.nullable(),
});
export type AuditRecord = z.infer<typeof auditRecordSchema>;
