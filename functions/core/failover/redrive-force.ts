import type { FailoverRun, Phase } from "../contract/failover.ts";
import { counts } from "./agreement-time.ts";
import { wasTold } from "./between-two.ts";
import { isUnread, leadsAway } from "./not-moved.ts";
import { noted } from "./turn.ts";
import { lifts } from "./vetoes/standing.ts";

/** What it names is lifted by this redrive and by no later one, and stands in the record. `shows`: what it called may show. */
export function forcedBy(
  before: FailoverRun,
  force: readonly string[],
  shows: boolean,
  now: number,
): FailoverRun {
  const of = withoutOldForce(before, shows, now);
  // By now a name may lead to somebody else.
  const overridden = of.overridden.filter((name) => name !== leadsAway && name !== isUnread);
  const run = { ...of, overridden, forcedAgain: [...force] };
  return force.length === 0 ? run : noted(run, `Redriven with --force ${force.join(", --force ")}.`);
}

/** A name that people led away behind its move is moved again, and not only waited for. */
export function goesOnIn(phase: Phase, force: readonly string[]): Phase {
  return phase === "prove-name" && force.includes(leadsAway) ? "repoint" : phase;
}

/** When what it began with was last said: by who typed it, or by who clicked a card in view of it. */
function forcedAt({ approval, startedAt }: FailoverRun): number {
  return approval?.is === "granted" ? approval.at : startedAt;
}

/**
 * What it began with was said in view of that hour, and is named again behind it, or once people were told that the old
 * primary is left; nor does a check count that let it pass by that. That nobody had fenced the old primary was accepted
 * before the call, and is so behind it. The run itself: nothing of it lapses.
 */
export function withoutOldForce(run: FailoverRun, shows: boolean, now: number): FailoverRun {
  const { force } = run.input;
  const names = force === true ? ["all"] : force === false ? [] : force;
  if (names.length === 0 || (counts(forcedAt(run), now) && !wasTold(run))) return run;
  const accepted = "old-primary-unfenced";
  const stays = shows && lifts(run.input, accepted);
  const left = names.filter((name) => !stays || name !== accepted);
  if (left.length === 0) return run;
  const says = `Goes on without --force ${left.join(", --force ")} of its beginning, which counts no more.`;
  const input = { ...run.input, force: stays ? [accepted] : false };
  return noted({ ...run, input, checkedAt: null }, says);
}
