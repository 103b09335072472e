import type { FailoverRun } from "../contract/failover.ts";
import { answerOf } from "./accepted-loss.ts";
import { betweenTwo, mayTakeWrites, namesMoved, wasTold } from "./between-two.ts";
import { inputNow } from "./force-of.ts";
import { needsFence, progressOf } from "./methods.ts";
import { mayHaveHappened, noted, type Sight, stop } from "./turn.ts";
import { laterVetoes, lifts } from "./vetoes/standing.ts";

/** A redrive names vetoes, and whoever types it has not agreed by that: what was agreed to before knew nothing of them. */
export function forcesUnasked({ forcedAgain }: FailoverRun, approved: boolean): boolean {
  return forcedAgain.length > 0 && !approved;
}

/**
 * Why the old primary may have taken writes that the promoted one lacks, where a redrive gives them up by an override
 * that nobody agreed to; a card asks for that. Null: nothing is given up, or nothing can be.
 */
export function asksToGiveUp(run: FailoverRun, seen: Sight): string | null {
  const unasked = forcesUnasked(run, run.approved) && run.times.approved === null;
  if (!unasked || !needsFence(run.method) || !mayHaveHappened(run, "execute")) return null;
  if (progressOf(run, seen.topology) !== "finished" || (namesMoved(run) && !wasTold(run))) return null;
  return mayTakeWrites(run, seen) === null ? mayTakeWrites({ ...run, forcedAgain: [] }, seen) : null;
}

/** What is asked, the answer to that very card, and the run that asks it. One of before the promotion said less. */
export function cardOf(run: FailoverRun, seen: Sight, givesUp: string | null) {
  const ends = (says: string, status: "held" | "failed", nextCommand: string) =>
    givesUp === null
      ? stop(run, { status, says: `${says}. Nothing was done.`, nextCommand })
      : betweenTwo(noted(run, `${says}.`), seen, givesUp);
  if (givesUp === null) return { key: "ask", approval: answerOf(run, seen), asking: run, ends };
  const key = "ask:lost";
  if (run.sent[key] !== undefined) return { key, approval: seen.approval, asking: run, ends };
  return { key, approval: null, asking: { ...run, approval: null }, ends };
}

/** What is overridden of the vetoes that can be judged only once the old primary is fenced. */
export function forcedLater(run: FailoverRun): readonly string[] {
  const input = inputNow(run);
  return needsFence(run.method)
    ? laterVetoes.map(({ name }) => name).filter((name) => lifts(input, name))
    : [];
}
