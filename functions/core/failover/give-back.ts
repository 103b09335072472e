import type { FailoverRun } from "../contract/failover.ts";
import { type FailoverTopology, nodeOf } from "../contract/failover-topology.ts";
import { InvalidInputError } from "../errors.ts";
import { agreementMs } from "./agreement.ts";
import { showCommand } from "./commands.ts";
import { fenceStands, mayHaveHappened, type Turn } from "./turn.ts";

const purpose = "It was to take its fence off by a person's word, and to do nothing else.";

/**
 * By a person's word a run that ended takes its fence off, and does nothing else: a redrive would go on with the failover
 * where the primary is dead. Throws InvalidInputError where it goes on still, or nothing of its fence may stand.
 */
export function givesBack(run: FailoverRun, now: number): FailoverRun {
  const { id, phase, ending, oldPrimary } = run;
  if (phase !== "ended" || ending === null) {
    throw new InvalidInputError(`${id} goes on in ${phase}: nothing is given back by hand meanwhile`);
  }
  if (ending.status === "done" || !fenceStands(run)) {
    const why = ending.status === "done" ? `it made ${run.candidate} the primary` : "nothing of it may stand";
    throw new InvalidInputError(`${id} gives no fence of ${oldPrimary ?? "anybody"} back: ${why}`);
  }
  const spoken = /^(announce:.*|lock|relock|release|unwall|unfence)$/;
  const sent = Object.fromEntries(Object.entries(run.sent).filter(([key]) => !spoken.test(key)));
  const says = `${purpose} Before, it ended ${ending.status} in ${ending.phase}.`;
  const fresh = { phaseSince: now, blindSince: null, keepsLock: false, untold: null, earlier: null };
  const told = { status: "held" as const, phase: ending.phase, says, nextCommand: showCommand(id) };
  return { ...run, ...fresh, sent, phase: "compensate", ending: told };
}

/** Why a fence is not given back behind a call: somebody may have been promoted by it. Null: nobody was. */
export function maybePromoted(run: FailoverRun, topology: FailoverTopology, now: number): string | null {
  const of = run.sent["execute"];
  if (of === undefined || !mayHaveHappened(run, "execute")) return null;
  const candidate = nodeOf(topology, run.candidate);
  const since = new Date(of.at + agreementMs).toISOString();
  if (now - of.at < agreementMs) return `its call may still be carried out until ${since}`;
  if (candidate === null || candidate.replicaOf === null)
    return `${run.candidate} is not shown as a replica any more`;
  if (candidate.status !== "available")
    return `RDS says ${candidate.status ?? "nothing"} of ${run.candidate}`;
  if (topology.primary !== run.oldPrimary) return `${topology.primary ?? "nobody"} is the primary by now`;
  return null;
}

/** How it ended is said, where it was for this alone. */
export function saidGivenBack(turn: Turn): Turn {
  if (!("go" in turn) || turn.go !== "announce") return turn;
  const { run } = turn;
  if (run.ending === null || run.givenBack === null || !run.ending.says.startsWith(purpose)) return turn;
  const says = `The fence was taken off ${run.oldPrimary}, and nothing else was done. It is the primary as before.`;
  return { ...turn, run: { ...run, ending: { ...run.ending, says } } };
}
