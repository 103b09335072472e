import type { FailoverRun } from "../contract/failover.ts";
import { again, describeCommand, giveBackCommand, whereCommand } from "./commands.ts";
import { fenceStands, mayHaveHappened } from "./turn.ts";
import type { Standing } from "./vetoes/veto.ts";

/**
 * Behind a call nothing is given back by itself, and a primary that lives, or a candidate that people deleted or renamed,
 * would only hold a redrive again: people are to take the fence off, or to look. Null: it may lead on.
 */
export function stuck(run: FailoverRun, held: readonly Standing[]): string | null {
  const lasts = held.some(({ name }) => name === "primary-alive" || name === "candidate-not-in-group");
  if (!lasts || !mayHaveHappened(run, "execute")) return null;
  return fenceStands(run) ? giveBackCommand(run) : whereCommand(run);
}

/** Seen in one look, and seen anew by whoever types it again. */
const ofThatMoment = ["only-our-path-cut", "primary-state-unknown"];

/**
 * A planned one of a primary that went down meanwhile is an unplanned one by now; null: it is not that. What was named for
 * the planned one is named on, but a bare --force: it would override what only an unplanned one is asked.
 */
function unplanned(run: FailoverRun, held: readonly Standing[], forced: readonly string[]): string | null {
  if (held.every(({ name }) => name !== "planned-but-down")) return null;
  const lasting = (names: readonly string[]) => names.filter((name) => !ofThatMoment.includes(name));
  const named = Array.isArray(run.input.force) ? lasting(run.input.force) : [];
  const force = named.length === 0 ? (false as const) : named;
  const input = { ...run.input, kind: "unplanned" as const, force };
  return again({ input, forcedAgain: lasting(run.forcedAgain) }, lasting(forced));
}

export function heldBy(run: FailoverRun, held: readonly Standing[]) {
  const forced = held.filter(({ overridable }) => overridable).map(({ name }) => name);
  const called = run.sent["execute"] !== undefined;
  const where = called ? whereCommand(run) : describeCommand(run.candidate ?? run.input.database);
  const on = forced.length === held.length ? again(run, forced) : (unplanned(run, held, forced) ?? where);
  const reasons = held.map(({ name, says, release }) => `${name}: ${says}. ${release}`);
  return {
    status: "held" as const,
    says: `Nothing was promoted. ${reasons.join(" ")}`,
    nextCommand: stuck(run, held) ?? on,
  };
}
