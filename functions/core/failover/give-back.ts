import type { Ending, FailoverRun } from "../contract/failover.ts";
import { InvalidInputError } from "../errors.ts";
import { candidateNode } from "./candidate-node.ts";
import { describeCommand, showCommand } from "./commands.ts";
import { saysCopies } from "./copies.ts";
import { oldNode } from "./old-node.ts";
import { fenceStands, type Sight, type Turn } from "./turn.ts";
import { fenceOn } from "./wall.ts";

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
  const fresh = { phaseSince: now, blindSince: null, keepsLock: false, untold: null };
  const told = { status: "held" as const, phase: ending.phase, says, nextCommand: showCommand(id) };
  return { ...run, ...fresh, sent, phase: "compensate", ending: told };
}

/** How it ended is said, where it was for this alone. What an earlier run's fence left shut is no primary as before. */
export function saidGivenBack(turn: Turn, { topology }: Sight): Turn {
  if (!("go" in turn) || turn.go !== "announce") return turn;
  const { run } = turn;
  if (run.ending === null || run.givenBack === null || !run.ending.says.startsWith(purpose)) return turn;
  const old = oldNode(run, topology);
  const stands = old === null ? null : fenceOn(topology, old);
  if (old !== null && stands !== null) return { ...turn, run: shutStill(run, run.ending, old.id, stands) };
  const off = `The fence was taken off ${run.oldPrimary}, and nothing else was done.`;
  const copy = run.staysAt === null ? null : candidateNode(run, topology);
  const ending =
    copy === null
      ? { ...run.ending, says: `${off} It is the primary as before.${saysCopies(run, topology)}` }
      : {
          ...run.ending,
          says: `${off} People stay with it, and ${copy.id}, the copy that was promoted, counts as the primary while it is there: no failover of ${run.oldPrimary} is begun until then. Where nobody needs ${copy.id}, delete it.`,
          nextCommand: describeCommand(copy.id),
        };
  return { ...turn, run: { ...run, earlier: null, ending } };
}

function shutStill(run: FailoverRun, ending: Ending, id: string, stands: string): FailoverRun {
  const by = run.earlier === null ? " What gives it back is not known here." : "";
  const says = `The fence of ${run.id} was taken off ${id}, and nothing else was done. It is ${stands} still, by an earlier failover, and clients do not come in.${by}`;
  const nextCommand = run.earlier?.backCommand ?? describeCommand(id);
  return { ...run, ending: { ...ending, status: "failed", says, nextCommand } };
}
