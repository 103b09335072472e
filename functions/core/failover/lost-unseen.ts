import type { FailoverRun } from "../contract/failover.ts";
import { moreThan, saysGivenUp, saysThatItTook } from "./loss.ts";
import { oldNode } from "./old-node.ts";
import type { Sight } from "./turn.ts";
import { walled, wallOf } from "./wall.ts";

/**
 * What was measured before the call counts while the run watches that the old primary stays shut. Gone on with since, and
 * with nobody to ask now, it may have been opened in between and have taken writes: that is never told as nothing.
 */
export function withLostUnseen(run: FailoverRun, seen: Sight): FailoverRun {
  const { loss, oldPrimary, sent, saidAt, times } = run;
  const called = sent["execute"]?.at;
  if (called === undefined || loss === null || oldPrimary === null) return run;
  const watched = Math.max(times.approved ?? Number.POSITIVE_INFINITY, saidAt ?? 0) <= called;
  const unseen = watched ? null : whyUnseen(run, seen);
  if (unseen === null || saysThatItTook(loss, oldPrimary) || saysGivenUp(loss)) return run;
  const at = new Date(called).toISOString();
  const because = `whether ${oldPrimary} took writes after the call of ${at} is not known: ${unseen}`;
  return { ...run, loss: moreThan(loss, because) };
}

/** Null: it can be asked, or the wall stands that it was put behind. */
function whyUnseen(run: FailoverRun, { topology, oldGone }: Sight): string | null {
  const old = oldNode(run, topology);
  if (old === null) return oldGone === true ? "it was deleted since" : "RDS does not show it";
  const lowered = run.sent["wall"] !== undefined && wallOf(topology, old) !== null && !walled(topology, old);
  return lowered && old.look?.reachable !== true
    ? "its wall was lowered since, and it does not answer"
    : null;
}
