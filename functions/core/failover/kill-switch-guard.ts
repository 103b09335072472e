import type { FailoverRun } from "../contract/failover.ts";
import { again, redriveCommand } from "./commands.ts";
import type { EffectBody } from "./effect.ts";
import { fenceText } from "./guards.ts";
import { end, mayHaveHappened, type Seen, stop, type Turn, wait } from "./turn.ts";

/** What changes who may write. What gives a fence back, opens whom it promoted, frees the lock or speaks goes on. */
const gated: readonly EffectBody["kind"][] = ["wall", "restart", "fence", "execute", "point"];
const unreadLimitMs = 30_000;

/** Null: nothing holds. Left out of the situation: there is no switch where this run is driven. */
export function whyStopped({ situation: { killSwitch } }: Seen): string | null {
  if (killSwitch === undefined || killSwitch.engaged === false) return null;
  const { engaged, says } = killSwitch;
  return engaged ? `The kill switch is engaged (${says})` : `The kill switch cannot be read (${says})`;
}

/** From the first look at which it could not be read: one lost answer ends nothing. */
export function unreadSince(run: FailoverRun, { situation, now }: Seen): number | null {
  return situation.killSwitch?.engaged === null ? (run.unreadSince ?? now) : null;
}

/** Read again at every look, because between the start and a call that cannot be taken back lie minutes. */
export function heldBySwitch(run: FailoverRun, seen: Seen, turn: Turn): Turn {
  const why = whyStopped(seen);
  if (why === null || !("send" in turn) || !gated.includes(turn.send.kind)) return turn;
  const unread = seen.situation.killSwitch?.engaged === null;
  if (unread && behindPromotion(run, turn.send.kind)) return turn;
  if (unread && seen.now - (run.unreadSince ?? seen.now) < unreadLimitMs) return wait(run, seen, why);
  if (!mayHaveHappened(run, "execute")) {
    return stop(run, { status: "held", says: `${why}. Nothing was promoted.`, nextCommand: again(run) });
  }
  const back = ["fence", "wall"].includes(turn.send.kind)
    ? `${run.oldPrimary} TAKES WRITES AGAIN, or is about to, and is not fenced.`
    : `${run.oldPrimary} stays as it is.${fenceText(run)}`;
  return end(run, {
    status: "failed",
    says: `${why}: nothing more is done. The call that moves the writer was sent; the names stay where they are, and ${back}`,
    nextCommand: redriveCommand(run),
  });
}

/** To leave the clients on a fenced primary, or one that opens beside the new one, is the worse end of the two. */
function behindPromotion(run: FailoverRun, kind: EffectBody["kind"]): boolean {
  return mayHaveHappened(run, "execute") && ["point", "fence", "wall"].includes(kind);
}
