import type { FailoverRun, Phase } from "../contract/failover.ts";
import { betweenTwo, mayTakeWrites, namesMoved, wasTold } from "./between-two.ts";
import { asksToGiveUp } from "./force-asked.ts";
import { needsFence, progressOf, repeatable } from "./methods.ts";
import { lookAgainMs, mayHaveHappened, over, type Sight, type Turn, unproved, wait } from "./turn.ts";

export function isAgreed({ times }: Pick<FailoverRun, "times">): boolean {
  return times.approved !== null;
}

/** To be judged and agreed to anew before anything that moves the writer or closes a door. */
export function lapsed(run: FailoverRun, approved: boolean): FailoverRun {
  const times = { ...run.times, approved: null };
  return {
    ...run,
    times,
    approved,
    checkedAt: null,
    ledAt: null,
    approval: null,
    accepts: null,
    overridden: [],
  };
}

/** The old primary is fenced by then, and has to stay so. */
export const afterFence: readonly Phase[] = [
  "catch-up",
  "execute",
  "wait",
  "prove-writable",
  "repoint",
  "prove-name",
  "rebuild",
];
/** Fence, wall, restart, call and names are sent in these and nowhere else. */
const acting: readonly Phase[] = ["fence", ...afterFence];

/**
 * What was agreed to has lapsed, and people may have opened the primary by hand since: nobody is fenced, promoted or
 * pointed at by it. Behind a call that shows nothing everything is judged and agreed to anew. What the call began is
 * waited for; where it finished, it goes on if the old primary takes no writes, and otherwise people decide between the
 * two; where the names were moved already, their clients are on the new one, and the old one is fenced again. What a redrive
 * would give up by an override is asked for. Null: it was agreed to, or may go on.
 */
export function notAgreed(run: FailoverRun, phase: Phase, seen: Sight): Turn | null {
  if (isAgreed(run) || !acting.includes(phase)) return null;
  const anew: Turn = { go: "check", run: { ...run, ...unproved } };
  if (!mayHaveHappened(run, "execute")) return anew;
  const progress = progressOf(run, seen);
  // One that must not be sent twice has nothing to be agreed to: its phases only tell how it ended.
  if (progress === "nothing") return needsFence(run.method) || repeatable(run) ? anew : null;
  if (progress === "begun") return phase === "wait" ? null : { go: "wait", run };
  return needsFence(run.method) && phase !== "rebuild" ? finished(run, seen) : null;
}

function finished(run: FailoverRun, seen: Sight): Turn | null {
  const open = mayTakeWrites(run, seen);
  // One lost answer is written down of nobody as writes that it took.
  if (open !== null && seen.oldGone === null && !over(run, seen, lookAgainMs))
    return wait(run, seen, `whether RDS has ${run.oldPrimary} still could not be asked, and is asked again`);
  if (open !== null && (!namesMoved(run) || wasTold(run))) return betweenTwo(run, seen, open);
  return asksToGiveUp(run, seen) === null ? null : { go: "approve", run };
}
