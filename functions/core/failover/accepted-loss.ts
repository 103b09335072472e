import type { FailoverRun } from "../contract/failover.ts";
import type { FailoverInput } from "../contract/failover-input.ts";
import { nodeOf } from "../contract/failover-topology.ts";
import { inputNow } from "./force-of.ts";
import { lagAtTheEnd, lagBeforeTheEnd } from "./lag.ts";
import type { Approval } from "./ports.ts";
import { stamped } from "./times.ts";
import { noted, type Sight } from "./turn.ts";
import type { Standing } from "./vetoes/veto.ts";

/**
 * The minute in which a dead primary's stream ended is longer than the usual limit, and nobody watched it: where it is
 * all that stands in the way, a person who is asked anyhow decides about it. A click of before, on a card that did not
 * say so, has not. Null: there is more in the way, or nobody is asked.
 */
export function askingForLoss(run: FailoverRun, seen: Sight, held: readonly Standing[]): FailoverRun | null {
  const [only] = held;
  const asked = run.byCard || !run.approved;
  if (!asked || held.length !== 1 || only?.name !== "candidate-lag-above-limit") return null;
  const candidate = nodeOf(seen.topology, run.candidate);
  const primary = nodeOf(seen.topology, run.oldPrimary);
  const before = candidate === null ? null : lagBeforeTheEnd(candidate, primary);
  const lagSeconds = candidate === null ? null : lagAtTheEnd(candidate, primary);
  if (before === null || lagSeconds === null || before > run.input.maxLagSeconds) return null;
  const { ask: _, ...sent } = run.sent;
  const times = { ...run.times, approved: null };
  return { ...run, accepts: { lagSeconds, granted: false }, approval: null, times, sent };
}

/** The answer to the card that stands: one to a card of before says nothing about what is asked now. */
export function answerOf({ accepts, sent }: FailoverRun, { approval }: Sight): Approval | null {
  return accepts?.granted === false && sent["ask"] === undefined ? null : approval;
}

/** By when it was clicked: whoever goes on may come hours later. */
export function withGranted(run: FailoverRun, by: string, at: number): FailoverRun {
  const agreed = stamped(run, "approved", at);
  if (run.accepts === null) return agreed;
  const { lagSeconds } = run.accepts;
  const accepts = { lagSeconds, granted: true };
  return noted({ ...agreed, accepts }, `${by} accepted that up to ${lagSeconds} s of writes may be lost.`);
}

/** With the limit that a person raised by the click. */
export function limited(run: FailoverRun): FailoverInput {
  const { accepts } = run;
  const input = inputNow(run);
  if (accepts?.granted !== true) return input;
  return { ...input, maxLagSeconds: Math.max(input.maxLagSeconds, accepts.lagSeconds) };
}

/** For the card; empty: nothing more than the plan is asked for. */
export function lossAsked({ accepts, candidate }: FailoverRun): string {
  if (accepts === null) return "";
  return ` Up to ${accepts.lagSeconds} s of writes may be lost: nobody watched the minute in which the stream of ${candidate} ended.`;
}
