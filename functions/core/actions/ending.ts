import type { Followed, Outcome, Refusal, WorkOrder } from "../contract/work-order.ts";
import type { TakesBack } from "./steps.ts";

/** How an attempt at an order ended, before it is recorded. */
export type Ending = Pick<Outcome, "status" | "summary"> &
  Partial<Pick<Outcome, "refusal" | "killed" | "mayHaveActed" | "running">> & {
    readonly takesBack?: TakesBack;
  };

/** How an attempt ends that something expected broke off: before it sent anything, or within what it sends. */
export interface CutShort {
  readonly before: (why: string) => Ending;
  readonly within: (why: string) => Ending;
}

export const firstAttempt: CutShort = {
  before: (why) => ({ status: "failed", summary: `Nothing was sent: ${why}.` }),
  within: (why) => ({
    status: "failed",
    summary: `Failed while acting (${why}). Whether it was carried out is not known; the next look at the database tells.`,
    mayHaveActed: true,
  }),
};

/** An end that cannot be read has passed. However it ends, what is there of it keeps its way back. */
export function stillRunning(says: string, followed: Followed, now: number): Ending {
  const { startedAt, until, handle, undo } = followed;
  const takesBack = undo ?? null;
  if (now < Date.parse(until)) {
    const running = { startedAt, until, handle, ...(undo === undefined ? {} : { undo }) };
    return { status: "running", summary: says, mayHaveActed: true, running, takesBack };
  }
  return {
    ...{ status: "not-verified", takesBack },
    summary: `${says} It was to have ended by ${until}, and is not waited for any longer: a person looks at it.`,
    mayHaveActed: true,
  };
}

export function refused({ guard, reason, release }: Refusal): Ending {
  return { status: "refused", summary: `Not done: ${reason}`, refusal: { guard, reason, release } };
}

/** What holds up a look after what was begun ends nothing: that goes on, and is looked at again by a new order. */
export function notNow({ follows }: WorkOrder, refusal: Refusal, now: number): Ending {
  if (follows === undefined) return refused(refusal);
  return stillRunning(`How far it is was not looked at. ${refusal.reason}`, follows, now);
}
