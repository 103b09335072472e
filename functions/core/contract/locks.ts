import * as z from "zod";
import { sessionSchema } from "./session.ts";

export const lockObjectKindSchema = z.enum([
  "table",
  "row",
  "transaction",
  "advisory",
  "metadata",
  "global",
  "page",
  "other",
]);

/** A lock on an object that somebody waits for. Mode in the engine's own spelling. */
export const heldLockSchema = z.object({
  object: z.string(),
  objectKind: lockObjectKindSchema,
  mode: z.string(),
  /** How it was taken when that changes the remedy: LOCK TABLE(S), FLUSH TABLES WITH READ LOCK, advisory. */
  explicit: z.boolean(),
});
export type HeldLock = z.infer<typeof heldLockSchema>;

/** A transaction that holds locks with no session behind it: nothing to kill, only to finish. */
export const preparedTransactionSchema = z.object({
  gid: z.string(),
  owner: z.string().nullable(),
  database: z.string().nullable(),
  ageSeconds: z.number().nullable(),
  /** XA, where several are prepared and the engine does not say which is which: all of them, as XA ROLLBACK takes them. */
  candidates: z.array(z.string()).exactOptional(),
});
export type PreparedTransaction = z.infer<typeof preparedTransactionSchema>;

export const lockWaitSchema = z.object({
  object: z.string(),
  objectKind: lockObjectKindSchema,
  mode: z.string(),
  waitSeconds: z.number().nullable(),
  /** 1 is next in line. */
  queuePosition: z.number().int().positive(),
  /** Others who may hold the same row too, which PostgreSQL does not show. Absent: none, or not asked. */
  sharers: z.number().int().positive().exactOptional(),
  /** Of a wait for a transaction that names no row: the few tables that both write, one of which has it. */
  rowsOf: z.array(z.string()).exactOptional(),
});
export type LockWait = z.infer<typeof lockWaitSchema>;

/**
 * One member of the blocking forest. Every waiter has one parent: the holder that must go first, or, when no
 * holder conflicts with it, the conflicting request queued nearest ahead of it (`behindQueue`).
 */
export const lockNodeSchema = z.object({
  /** "session:<id>" or "prepared:<gid>". */
  key: z.string(),
  session: sessionSchema.nullable(),
  prepared: preparedTransactionSchema.nullable(),
  waitsFor: lockWaitSchema.nullable(),
  parent: z.string().nullable(),
  /** True when the parent only waits too: cancelling that request frees this one while the holder stays. */
  behindQueue: z.boolean(),
  /** Distinct sessions or prepared transactions that directly keep this one waiting. */
  blockerCount: z.number().int().nonnegative(),
  /** Those of them that hold a conflicting lock: with more than one, no single end frees it. Null: not counted. */
  holderCount: z.number().int().nonnegative().nullable().default(null),
  /** Locks it holds on contested objects, or that a waiter in its subtree wants. */
  holds: z.array(heldLockSchema),
  blocksDirectly: z.number().int().nonnegative(),
  blocksTotal: z.number().int().nonnegative(),
  /** Of the sessions in its subtree, the longest wait. */
  longestWaitSeconds: z.number().nullable(),
});
export type LockNode = z.infer<typeof lockNodeSchema>;

/** Locks that one has at a time, looked at again a moment later: whether another has them now, or the same one still. */
export const secondLookSchema = z.object({
  seconds: z.number(),
  moved: z.array(z.string()),
  still: z.array(z.string()),
  /** Keys of holders that had given up by then, by themselves, what others wanted. */
  gone: z.array(z.string()).exactOptional(),
});
export type SecondLook = z.infer<typeof secondLookSchema>;

/** Who waits for whom, whole: roots are the nodes without a parent. Waiters beyond the cap are only counted. */
export const lockForestSchema = z.object({
  nodes: z.array(lockNodeSchema),
  waiters: z.number().int().nonnegative(),
  /** Waiters left out of `nodes`; they are still in every count. */
  omittedWaiters: z.number().int().nonnegative(),
  lockRows: z.number().int().nonnegative(),
  /** Node keys that wait for each other in a circle (a deadlock not yet broken by the engine). */
  cycles: z.array(z.array(z.string())),
  /** Only where it was taken. */
  secondLook: secondLookSchema.exactOptional(),
});
export type LockForest = z.infer<typeof lockForestSchema>;
