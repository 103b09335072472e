import { toldOfEarlier } from "../actions/sent.ts";
import type { Outcome, WorkOrder } from "../contract/work-order.ts";

/**
 * An earlier attempt ended without an answer: what is so now may be its doing, and a "no" of this one does not say that
 * nothing was done. Of a look after what was begun the earlier attempt was only another look.
 */
export function toldOfRepeat(outcome: Outcome, { follows }: WorkOrder, retries: number): Outcome {
  if (retries === 0) return outcome;
  const isNo = outcome.status === "refused" && follows === undefined;
  const summary = isNo ? `${outcome.summary} ${toldOfEarlier(outcome.steps)}` : outcome.summary;
  return { ...outcome, summary, mayHaveActed: true };
}
