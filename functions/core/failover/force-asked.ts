import type { FailoverRun } from "../contract/failover.ts";
import { answerOf } from "./accepted-loss.ts";
import { betweenTwo, mayTakeWrites, namesMoved, wasTold } from "./between-two.ts";
import { carriedText, redriveForced } from "./commands.ts";
import { inputNow } from "./force-of.ts";
import { leadOf, leadText } from "./lead.ts";
import { needsFence, progressOf } from "./methods.ts";
import { isUnread, leadsAway } from "./not-moved.ts";
import { end, mayHaveHappened, noted, type Sight, stop, type Turn } from "./turn.ts";
import { laterVetoes, lifts } from "./vetoes/standing.ts";

/** A redrive names vetoes, and whoever types it has not agreed by that: what was agreed to before knew nothing of them. */
export function forcesUnasked({ forcedAgain }: FailoverRun, approved: boolean): boolean {
  return forcedAgain.length > 0 && !approved;
}

/** Writes that the promoted one lacks. */
export interface GivenUp {
  readonly why: string;
  /** Whoever may have taken them. */
  readonly whose: string;
}

/**
 * What a redrive gives up by an override that nobody agreed to: writes that the old primary may have taken since, or those
 * of whom people led a name to. A card asks for that. Null: nothing is given up, or nothing can be.
 */
export function asksToGiveUp(run: FailoverRun, seen: Sight): GivenUp | null {
  const unasked = forcesUnasked(run, run.approved) && run.times.approved === null;
  if (!unasked || !needsFence(run.method) || !mayHaveHappened(run, "execute")) return null;
  if (progressOf(run, seen) !== "finished") return null;
  const led = ledAway(run, seen);
  const away = led.length === 0 ? null : { why: led.join("; "), whose: "whoever has clients there" };
  if (namesMoved(run) && !wasTold(run)) return away;
  if (mayTakeWrites(run, seen) !== null) return null;
  const took = tookUnasked(run, seen);
  if (took === null) return away;
  const whose = run.oldPrimary ?? run.input.database;
  return away === null
    ? { why: took, whose }
    : { why: `${took}; ${away.why}`, whose: `${whose} or ${away.whose}` };
}

/**
 * Names that are still to be moved off somebody: it was led away when that was typed, and is where it cannot be read, for
 * what nobody sees is agreed to by nobody. What this redrive moved already is given up by nothing that is still to be asked.
 */
function ledAway(run: FailoverRun, seen: Sight): readonly string[] {
  const { forcedAgain, phase } = run;
  if (phase === "prove-name" || !forcedAgain.some((name) => name === leadsAway || name === isUnread))
    return [];
  return seen.names.flatMap(({ ref }, at) => {
    const lead = leadOf(run, seen, at);
    const given = lead.is === "unread" || forcedAgain.includes(leadsAway);
    return given && !wasPointed(run, at) ? (leadText(ref, lead) ?? []) : [];
  });
}

function wasPointed(run: FailoverRun, at: number): boolean {
  const key = `point:${at}`;
  return mayHaveHappened(run, key) && (run.sent[key]?.at ?? 0) >= (run.saidAt ?? run.startedAt);
}

function tookUnasked(run: FailoverRun, seen: Sight): string | null {
  return mayTakeWrites({ ...run, forcedAgain: [] }, seen);
}

/** What is asked, the answer to that very card, and the run that asks it. One of before the promotion said less. */
export function cardOf(run: FailoverRun, seen: Sight, givesUp: GivenUp | null) {
  const ends = (says: string, status: "held" | "failed", nextCommand: string) =>
    givesUp === null
      ? stop(run, { status, says: `${says}. Nothing was done.`, nextCommand })
      : notGivenUp(run, seen, says, givesUp);
  if (givesUp === null) return { key: "ask", approval: answerOf(run, seen), asking: run, ends };
  const key = "ask:lost";
  if (run.sent[key] !== undefined) return { key, approval: seen.approval, asking: run, ends };
  return { key, approval: null, asking: { ...run, approval: null }, ends };
}

/** People decide; of a name alone they do where it leads, and nothing is between the old primary and the new one. */
function notGivenUp(run: FailoverRun, seen: Sight, says: string, { why }: GivenUp): Turn {
  const took = tookUnasked(run, seen);
  if (took !== null && !(namesMoved(run) && !wasTold(run)))
    return betweenTwo(noted(run, `${says}.`), seen, took);
  return end(run, {
    status: "failed",
    says: `${says}. ${run.candidate} takes writes, and ${namesMoved(run) ? "what leads elsewhere" : "the name"} was not moved to it: ${why}. The command below asks for it again.${carriedText(run)}`,
    nextCommand: redriveForced(run),
  });
}

/** What is overridden of the vetoes that can be judged only once the old primary is fenced. */
export function forcedLater(run: FailoverRun): readonly string[] {
  const input = inputNow(run);
  return needsFence(run.method)
    ? laterVetoes.map(({ name }) => name).filter((name) => lifts(input, name))
    : [];
}
