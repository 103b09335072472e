import type { FailoverRun } from "../contract/failover.ts";
import { asItIs } from "./as-it-is.ts";
import { again, listCommand, redriveCommand, showCommand } from "./commands.ts";
import { copyIsPrimary, withEarlier } from "./earlier-runs.ts";
import { isGivenUp } from "./given-up.ts";
import { leftBefore } from "./left-before.ts";
import { once } from "./once.ts";
import { goesOnElsewhere } from "./other-name.ts";
import type { LockHolder } from "./ports.ts";
import { over, type Seen, type Sight, stop, stopBlind, type Turn, wait } from "./turn.ts";

const loadLimitMs = 60_000;

export function load(run: FailoverRun, seen: Seen): Turn {
  const { topology } = seen;
  if (topology !== null) {
    const known = { ...run, group: topology.group };
    const sight = { ...seen, topology };
    const other = goesOnElsewhere(known, seen.earlier);
    if (other !== null) return stopBlind(known, heldBy(other.group ?? topology.group, other.id));
    return run.input.dryRun ? chosenFrom(asItIs(known, topology), sight) : { go: "lock", run: known };
  }
  const {
    says: why = "RDS does not answer",
    lasting = false,
    unknown = false,
    records = false,
  } = seen.trouble ?? {};
  if (!lasting && !over(run, seen, loadLimitMs)) return wait(run, seen, why);
  const what = records
    ? `What other failovers did to ${run.input.database} could not be read`
    : `RDS did not say what ${run.input.database} consists of`;
  const says = `${what} (${why}). Nothing was done.`;
  // Typed again it would only hear that again.
  const nextCommand = unknown ? listCommand : again(run);
  return stopBlind(run, { status: "failed", says, nextCommand }, unknown);
}

export function takeLock(run: FailoverRun, seen: Sight): Turn {
  const { lock } = seen;
  const group = run.group ?? seen.topology.group;
  if (lock !== null && lock !== "free") {
    if (lock.run === run.id && seen.partial) return { wait: "its first look", until: seen.now, run };
    if (lock.run === run.id) return chosenFrom(asItIs({ ...run, token: lock.token }, seen.topology), seen);
    return behind(run, seen, group, lock);
  }
  const options = { shown: false, settleMs: 3000, tries: 10, repeatable: true };
  const took = once(run, seen, "lock", { kind: "take-lock", group }, options);
  if (took.is === "turn") return took.turn;
  const says = "The lock of this group could not be taken, and without it two could act. Nothing was done.";
  return stopBlind(run, { status: "failed", says, nextCommand: again(run) });
}

function chosenFrom(known: FailoverRun, seen: Sight): Turn {
  const run = withEarlier(known, seen);
  const not = copyIsPrimary(run, seen) ?? leftBefore(run, seen);
  return not === null ? { go: "choose", run } : stop(run, not);
}

/** The sweeper has it for one fence, or gives it back with its next round. */
const keptLimitMs = 60_000;

/** Who has ended has it for a moment, or by a taking that came late and that nobody would ever give back. */
function behind(run: FailoverRun, seen: Sight, group: string, { run: holder, token }: LockHolder): Turn {
  const by = seen.earlier?.find(({ id }) => id === holder);
  if (by?.phase !== "ended") return stopBlind(run, heldBy(group, holder));
  if (by.keepsLock) {
    const says = `${holder} has ended and gives the lock back`;
    return over(run, seen, keptLimitMs) ? stopBlind(run, keptBy(run, group, by)) : wait(run, seen, says);
  }
  if (isGivenUp(by)) return stopBlind(run, leftBy(group, by));
  const effect = { kind: "free-lock", group, holder, token } as const;
  const options = { shown: false, settleMs: 3000, tries: 10, repeatable: true };
  const freed = once(run, seen, "free-lock", effect, options);
  return freed.is === "turn" ? freed.turn : stopBlind(run, keptBy(run, group, by));
}

const undo = "two at once would undo each other";

function heldBy(group: string, holder: string) {
  const says = `Failover ${holder} has ${group}; ${undo}. Nothing was done.`;
  return { status: "held" as const, says, nextCommand: showCommand(holder) };
}

function keptBy(run: FailoverRun, group: string, { id }: FailoverRun) {
  const says = `Failover ${id} has ${group}; ${undo}. It has ended, and its lock was not given back so far: the sweeper does that every two minutes. Nothing was done.`;
  return { status: "held" as const, says, nextCommand: again(run) };
}

/** It goes on by its redrive alone. */
function leftBy(group: string, by: FailoverRun) {
  const says = `Failover ${by.id} has ${group}; ${undo}. It ended in ${by.ending?.phase} and keeps the lock: it goes on by its redrive. Nothing was done.`;
  return { status: "held" as const, says, nextCommand: redriveCommand(by) };
}
