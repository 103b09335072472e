import * as z from "zod";
import { dutySchema } from "./failover-duty.ts";
import { type FailoverInput, failoverInputSchema } from "./failover-input.ts";
import { lossSchema } from "./failover-loss.ts";
import { nameRefSchema, positionSchema } from "./failover-topology.ts";
import { receiptSchema } from "./incident.ts";

export const methodSchema = z.enum([
  "fail-over-cluster",
  "reboot-with-failover",
  "promote-replica",
  "switch-over-global",
  "fail-over-global",
]);
export type Method = z.infer<typeof methodSchema>;

export const phases = [
  "load",
  "lock",
  "choose",
  "check",
  "approve",
  "fence",
  "catch-up",
  "execute",
  "wait",
  "prove-writable",
  "repoint",
  "prove-name",
  "rebuild",
  "announce",
  "compensate",
  "release",
  "ended",
] as const;
export const phaseSchema = z.enum(phases);
export type Phase = z.infer<typeof phaseSchema>;

/** What was sent, or may have been. It is looked for before it is sent again. */
export const sentSchema = z.object({
  at: z.number(),
  tries: z.number().int().positive(),
  /** Of the lock, under which it was sent; absent from older runs. */
  token: z.number().int().exactOptional(),
  /** An earlier try ended without an answer: it may have been carried out, whatever the last one says. */
  unclear: z.boolean(),
  answer: z.enum(["none", "done", "refused"]),
  says: z.string().nullable(),
});
export type Sent = z.infer<typeof sentSchema>;

const timesSchema = z.object({
  detected: z.number().nullable(),
  approved: z.number().nullable(),
  fenced: z.number().nullable(),
  sent: z.number().nullable(),
  promoted: z.number().nullable(),
  writable: z.number().nullable(),
  repointed: z.number().nullable(),
});
export type Times = z.infer<typeof timesSchema>;

export const endingSchema = z.object({
  status: z.enum(["done", "dry-run", "held", "failed"]),
  /** Where it stopped; a redrive goes on there. */
  phase: phaseSchema,
  /** The state that things are in. */
  says: z.string().min(1),
  nextCommand: z.string().min(1),
});
export type Ending = z.infer<typeof endingSchema>;

const requestedSchema = z.object({
  is: z.enum(["pending", "granted", "declined"]),
  /** Slack user id; null while nobody has decided. */
  by: z.string().nullable(),
  at: z.number(),
  expiresAt: z.number(),
  /** The message with the buttons; absent from older runs. */
  card: receiptSchema.exactOptional(),
});

/** A failover as it passes between the states of the machine. */
export const failoverRunSchema = z.object({
  schema: z.literal("failover-run.v1"),
  id: z.string().min(1),
  /** Raised by every save; who saves an older one has been replaced. */
  revision: z.number().int().nonnegative(),
  input: failoverInputSchema,
  /** Nobody is asked: who started it has agreed to the plan already. */
  approved: z.boolean(),
  /** It was agreed to by a click on the card of an action, which knows nothing of a loss. */
  byCard: z.boolean().default(false),
  /** What a person is asked to lose at most beyond the limit, and whether they agreed. */
  accepts: z.object({ lagSeconds: z.number(), granted: z.boolean() }).nullable().default(null),
  /** Ids of the group's nodes as last described: whom a look asks without waiting for RDS. */
  known: z.array(z.string()).max(64).default([]),
  /** Those of them that did not answer, by when that was last waited for to its end. */
  deaf: z.record(z.string(), z.number()).default({}),
  /** Execution or terminal that goes on with it, and when it last wrote: what is silent has died. */
  driver: z.object({ name: z.string(), at: z.number() }).nullable().default(null),
  /** When it last looked, which neither a claim nor the sweeper's mark is; null: never, or by an older version. */
  lookedAt: z.number().nullable().default(null),
  /** When a look last showed it the group, which one of a silent RDS does not; null: never, or by an older version. */
  sawAt: z.number().nullable().default(null),
  /** How often the sweeper took it up since it last passed the phase in which it had died. */
  takenUp: z.number().int().nonnegative().default(0),
  /** The furthest in which it was found dead since. */
  diedIn: phaseSchema.nullable().default(null),
  /** When a person said, by ending its watch, that they stay with the old primary; null: nobody did. */
  staysAt: z.number().nullable().default(null),
  /** Vetoes that its last redrive named: said in view of how it had ended, and no older than that. */
  forcedAgain: z.array(z.string()).max(40).default([]),
  /** When a person last typed it, its start or a redrive; null: by an older version. */
  saidAt: z.number().nullable().default(null),
  /** When a look last read where all its names lead, and none to a stranger; null: not since it was typed. */
  ledAt: z.number().nullable().default(null),
  /** When its vetoes were last judged and let it pass. */
  checkedAt: z.number().nullable().default(null),
  /** What was asked of people, and their answer. */
  approval: requestedSchema.nullable().default(null),
  /** Its first message: what follows stands in that thread. */
  thread: receiptSchema.nullable().default(null),
  phase: phaseSchema,
  phaseSince: z.number(),
  startedAt: z.number(),
  /** Since when RDS or the lock cannot be read. */
  blindSince: z.number().nullable(),
  /** Since when the kill switch cannot be read. */
  unreadSince: z.number().nullable().default(null),
  token: z.number().int().nullable(),
  /** It ended and could not give the lock back: the sweeper does. */
  keepsLock: z.boolean().default(false),
  /** Its end was accepted by no channel: since when, and how often the sweeper has tried since. */
  untold: z.object({ since: z.number(), tries: z.number().int().nonnegative() }).nullable().default(null),
  /** Effects sent so far: with the token the number by which an older one is known to be late. */
  effects: z.number().int().nonnegative(),
  group: z.string().nullable(),
  method: methodSchema.nullable(),
  candidate: z.string().nullable(),
  /** Its DbiResourceId when its call was sent; null: none was, or RDS did not tell. */
  candidateResource: z.string().nullable().default(null),
  oldPrimary: z.string().nullable(),
  /** Its DbiResourceId. */
  oldResource: z.string().nullable().default(null),
  /** What an earlier run left of its fence, or unfinished, when this one began; `nextCommand`: how that one goes on, `backCommand`: what takes that fence off; absent: not known. */
  earlier: z
    .object({ says: z.string(), nextCommand: z.string().nullable(), backCommand: z.string().exactOptional() })
    .nullable()
    .default(null),
  names: z.array(nameRefSchema),
  /** Of the old primary, before the wall. */
  groupsBefore: z.array(z.string()).nullable(),
  overridden: z.array(z.string()),
  sent: z.record(z.string(), sentSchema),
  /** Where the candidate had to get to: the end of the fenced primary's stream. */
  goal: positionSchema.nullable(),
  fencedBy: z.enum(["door", "restart", "gone", "unseen", "nobody"]).nullable(),
  /** When fence, catch-up and lasting vetoes were last gone through: a promotion is sent once by them. */
  clearedAt: z.number().nullable().default(null),
  /** Ids of the group's nodes when a door was shut: the fence came to each of them. */
  copies: z.array(z.string()).max(64).default([]),
  /** When it was seen that nothing of its fence stands any more; null: something may. */
  givenBack: z.number().nullable().default(null),
  loss: lossSchema.nullable(),
  times: timesSchema,
  duties: z.array(dutySchema).max(8),
  notes: z.array(z.string()).max(40),
  ending: endingSchema.nullable(),
});
export type FailoverRun = z.infer<typeof failoverRunSchema>;

export function newRun(id: string, input: FailoverInput, now: number, approved: boolean): FailoverRun {
  return {
    ...{ schema: "failover-run.v1", id, revision: 0, input, approved, phase: "load" },
    ...{ byCard: false, accepts: null, known: [], driver: null, takenUp: 0, approval: null, thread: null },
    ...{ phaseSince: now, startedAt: now, blindSince: null, unreadSince: null, ending: null },
    ...{ token: null, keepsLock: false, untold: null, effects: 0, group: null, method: null, notes: [] },
    ...{ candidate: null, candidateResource: null, oldPrimary: null, oldResource: null, names: [] },
    ...{ groupsBefore: null, earlier: null, lookedAt: null, sawAt: null, diedIn: null, staysAt: null },
    ...{ checkedAt: null, forcedAgain: [], deaf: {}, saidAt: now, ledAt: null, copies: [], overridden: [] },
    ...{ sent: {}, goal: null, fencedBy: null, clearedAt: null, givenBack: null, loss: null, duties: [] },
    times: {
      ...{ detected: now, approved: null, fenced: null, sent: null },
      ...{ promoted: null, writable: null, repointed: null },
    },
  };
}
