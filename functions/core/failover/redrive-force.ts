import type { FailoverRun } from "../contract/failover.ts";
import { agreedAt, agreementMs } from "./agreement.ts";
import { noted } from "./turn.ts";
import { lifts } from "./vetoes/standing.ts";

/** What it names is lifted by this redrive and by no later one, and stands in the record. `shows`: what it called may show. */
export function forcedBy(
  before: FailoverRun,
  force: readonly string[],
  shows: boolean,
  now: number,
): FailoverRun {
  const run = { ...withoutOldForce(before, shows, now), forcedAgain: [...force] };
  return force.length === 0 ? run : noted(run, `Redriven with --force ${force.join(", --force ")}.`);
}

/**
 * What it began with was said in view of that hour: it counts as long as an agreement does, and is named again then. That
 * nobody had fenced the old primary was accepted before the call, and is so behind it.
 */
function withoutOldForce(run: FailoverRun, shows: boolean, now: number): FailoverRun {
  const { force } = run.input;
  const names = force === true ? ["all"] : force === false ? [] : force;
  if (names.length === 0 || now - (agreedAt(run) ?? run.startedAt) < agreementMs) return run;
  const accepted = "old-primary-unfenced";
  const stays = shows && lifts(run.input, accepted);
  const left = names.filter((name) => !stays || name !== accepted);
  if (left.length === 0) return run;
  const says = `Redriven without --force ${left.join(", --force ")} of its beginning, which counts no more.`;
  const input = { ...run.input, force: stays ? [accepted] : false };
  return noted({ ...run, input }, says);
}
