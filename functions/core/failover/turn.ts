import type { Ending, FailoverRun, Phase } from "../contract/failover.ts";
import type { FailoverTopology, NameRef } from "../contract/failover-topology.ts";
import type { Situation } from "./choose.ts";
import { giveBackCommand, redriveCommand, resourceCommand } from "./commands.ts";
import type { EffectBody } from "./effect.ts";
import { forceIn } from "./force-of.ts";
import type { Approval, LockHolder, NameReading } from "./ports.ts";

/** What became of the effect that was sent last, as whoever carried it out knows it. */
export interface Answer {
  readonly key: string;
  readonly is: "done" | "refused" | "unknown";
  readonly says: string | null;
}

/** The world as it was just seen. Null: could not be read. */
export interface Seen {
  readonly now: number;
  readonly topology: FailoverTopology | null;
  readonly situation: Situation;
  readonly lock: LockHolder | "free" | null;
  readonly approval: Approval | null;
  readonly names: readonly { readonly ref: NameRef; readonly reading: NameReading | null }[];
  readonly answer: Answer | null;
  /** RDS alone was asked, and for who is what: enough to take the lock by, and for no check. */
  readonly partial?: true;
  /** Who was asked in passing alone; absent: nobody. */
  readonly passed?: readonly string[];
  /** The run went stale while it was looked at: what was asked was by what it was before. */
  readonly stale?: true;
  /** Runs of this group that ended or go on beside this one, as they are stored; absent: not asked for. */
  readonly earlier?: readonly FailoverRun[];
  /** Whom their calls were for, as they have it, and whom RDS has no more under any name; absent: nobody. */
  readonly gone?: readonly string[];
  /** RDS has the old primary under no name, and nothing else under its own; null: it was asked and did not say; absent: it was not. */
  readonly oldGone?: boolean | null;
  readonly trouble?: Trouble;
  /** Runs that could not be read, and may be of this group; absent: none. */
  readonly unread?: readonly string[];
}

/** Why there is no topology. */
export interface Trouble {
  readonly says: string;
  /** Asked again RDS would say the same. */
  readonly lasting: boolean;
  /** It has none of the names. */
  readonly unknown?: boolean;
  /** RDS answered; what other runs did to the group could not be read. */
  readonly records?: boolean;
}

/** With a topology that was read: what every phase but the first has. */
export interface Sight extends Seen {
  readonly topology: FailoverTopology;
}

export type Turn =
  | { readonly go: Phase; readonly run: FailoverRun }
  | { readonly send: EffectBody; readonly key: string; readonly run: FailoverRun }
  | { readonly wait: string; readonly until: number; readonly run: FailoverRun };

/** Between two looks while something is waited for: what is quick is not waited for longer than it takes. */
const pauses = [
  { untilMs: 2000, ms: 100 },
  { untilMs: 5000, ms: 250 },
] as const;
const laterMs = 1000;

/** So long what one look could not see is looked at again, before anything is decided without it. */
export const lookAgainMs = 10_000;

export function wait(run: FailoverRun, seen: Seen, says: string): Turn {
  const pause = pauses.find(({ untilMs }) => !over(run, seen, untilMs))?.ms ?? laterMs;
  return { wait: says, until: seen.now + pause, run };
}

export function over(run: FailoverRun, seen: Seen, limitMs: number): boolean {
  return seen.now - run.phaseSince >= limitMs;
}

/** Ends it where nothing has to be taken back. */
export function end(run: FailoverRun, ending: Omit<Ending, "phase">): Turn {
  return { go: "announce", run: { ...run, ending: { ...ending, phase: run.phase } } };
}

/**
 * Ends it and takes the fence away, unless a call was sent that may still be carried out: then it stands, and is said.
 * `lasting`: a redrive would only end so again, and the ending's own next command is what helps.
 */
export function giveUp(run: FailoverRun, ending: Omit<Ending, "phase">, lasting = false): Turn {
  if (mayHaveHappened(run, "execute")) {
    const says = ending.says.replace(/Nothing was (promoted|done)/, "The call is not sent again");
    const stays =
      run.fencedBy === null ? ` ${run.oldPrimary} may be fenced.` : " The old primary stays fenced.";
    const back = giveBackCommand(run);
    const fence = fenceStands(run) ? `${stays} ${back} takes that off, and does nothing else.` : "";
    const came = run.sent["execute"]?.answer === "done" ? "RDS took it" : "no answer came";
    return end(run, {
      status: "failed",
      says: `${says} It was sent before, ${came}, and it may still happen.${fence}`,
      nextCommand:
        lasting || ending.nextCommand === back
          ? ending.nextCommand
          : `${redriveCommand(run)}${forceIn(run, ending.nextCommand)}`,
    });
  }
  return { go: "compensate", run: { ...run, ending: { ...ending, phase: run.phase } } };
}

export const fencing = ["wall", "fence", "refence", "restart"] as const;

/** Of the way to a promotion: what was proved before is to be proved anew. */
export const unproved = { fencedBy: null, goal: null, clearedAt: null } as const;

/** Its door, that is: who stands behind the wall alone takes writes of whoever is on it. */
export function doorMayBeShut(run: FailoverRun): boolean {
  return run.givenBack === null && (mayHaveHappened(run, "fence") || mayHaveHappened(run, "refence"));
}

/** Of its fence something was sent, and not given back. */
export function fenceStands(run: FailoverRun): boolean {
  return run.givenBack === null && fencing.some((key) => mayHaveHappened(run, key));
}

/** Nothing was promoted, and the old primary may stand fenced: whatever ends the run now has to give it back, or say so. */
export function fenceMayStand(run: FailoverRun): boolean {
  return fenceStands(run) && !mayHaveHappened(run, "execute");
}

/** Ends what did nothing itself; a redriven run may have its fence, or a call, from before. */
export function stop(run: FailoverRun, ending: Omit<Ending, "phase">, lasting = false): Turn {
  return fenceMayStand(run) || mayHaveHappened(run, "execute")
    ? giveUp(run, ending, lasting)
    : end(run, ending);
}

/** On PostgreSQL a fence lies in tables: a replica that stands alone since has them. */
export const copiesToo = " So may be what was a replica of it.";

/**
 * The same where nothing can be given back, because the group or its lock is not to be had: then it is said. `gone`: RDS
 * knows the name no more, and a redrive would only hear that again.
 */
export function stopBlind(run: FailoverRun, ending: Omit<Ending, "phase">, gone = false): Turn {
  if (!fenceMayStand(run)) return end(run, ending);
  const says = `${ending.says} ${run.oldPrimary} may still be fenced by this run.${gone ? copiesToo : ""}`;
  const where = run.oldResource === null ? ending.nextCommand : resourceCommand(run.oldResource);
  const nextCommand = gone ? where : redriveCommand(run);
  return end(run, { status: "failed", says, nextCommand });
}

export function noted(run: FailoverRun, says: string): FailoverRun {
  return run.notes.includes(says) ? run : { ...run, notes: [...run.notes, says].slice(-40) };
}

/** What may have happened counts as happened. */
export function mayHaveHappened({ sent }: FailoverRun, key: string): boolean {
  const of = sent[key];
  return of !== undefined && (of.answer !== "refused" || of.unclear);
}
