import type { FailoverRun } from "../contract/failover.ts";
import { asItIs } from "./as-it-is.ts";
import { again, redriveCommand, showCommand } from "./commands.ts";
import { withEarlier } from "./earlier-runs.ts";
import { once, over, type Seen, type Sight, stopBlind, type Turn, wait } from "./turn.ts";

const loadLimitMs = 60_000;

export function load(run: FailoverRun, seen: Seen): Turn {
  const { topology } = seen;
  if (topology !== null) {
    const known = { ...run, group: topology.group };
    const sight = { ...seen, topology };
    return run.input.dryRun
      ? { go: "choose", run: withEarlier(asItIs(known, topology), sight) }
      : { go: "lock", run: known };
  }
  const { says: why = "RDS does not answer", lasting = false } = seen.trouble ?? {};
  if (!lasting && !over(run, seen, loadLimitMs)) return wait(run, seen, why);
  return stopBlind(run, {
    status: "failed",
    says: `RDS did not say what ${run.input.database} consists of (${why}). Nothing was done.`,
    nextCommand: again(run),
  });
}

export function takeLock(run: FailoverRun, seen: Sight): Turn {
  const { lock } = seen;
  const group = run.group ?? seen.topology.group;
  if (lock !== null && lock !== "free") {
    if (lock.run === run.id && seen.partial) return { wait: "its first look", until: seen.now, run };
    if (lock.run === run.id) {
      const known = asItIs({ ...run, token: lock.token }, seen.topology);
      return { go: "choose", run: withEarlier(known, seen) };
    }
    return stopBlind(run, heldByHolder(group, lock.run, seen));
  }
  const options = { shown: false, settleMs: 3000, tries: 10, repeatable: true };
  const took = once(run, seen, "lock", { kind: "take-lock", group }, options);
  if (took.is === "turn") return took.turn;
  const says = "The lock of this group could not be taken, and without it two could act. Nothing was done.";
  return stopBlind(run, { status: "failed", says, nextCommand: again(run) });
}

/** One that ended and keeps the lock goes on by its redrive alone. */
function heldByHolder(group: string, holder: string, { earlier = [] }: Sight) {
  const by = earlier.find(({ id }) => id === holder);
  const over = by?.phase === "ended" && by.ending?.status === "failed";
  const ended = over ? ` It ended in ${by.ending?.phase} and keeps the lock: it goes on by its redrive.` : "";
  return {
    status: "held" as const,
    says: `Failover ${holder} has ${group}; two at once would undo each other.${ended} Nothing was done.`,
    nextCommand: over ? redriveCommand(by) : showCommand(holder),
  };
}
