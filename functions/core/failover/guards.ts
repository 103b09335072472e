import type { FailoverRun } from "../contract/failover.ts";
import { describeCommand, redriveCommand, showCommand, whereCommand } from "./commands.ts";
import { needsFence } from "./methods.ts";
import { hasItsName, oldNode } from "./old-node.ts";
import { once } from "./once.ts";
import { goesOnElsewhere } from "./other-name.ts";
import {
  copiesToo,
  end,
  fenceStands,
  mayHaveHappened,
  type Seen,
  type Sight,
  type Turn,
  wait,
} from "./turn.ts";

/** RDS may well be silent in the very outage that this is about. */
const blindLimitMs = 600_000;

function isBlindTooLong({ blindSince }: FailoverRun, { now }: Seen): boolean {
  return blindSince !== null && now - blindSince >= blindLimitMs;
}

/** Without the lock nothing is done. One that lapsed is taken again; one that another run has ends this one. */
export function withoutLock(run: FailoverRun, seen: Seen): Turn | null {
  const { lock } = seen;
  if (lock === null) {
    if (!isBlindTooLong(run, seen)) return wait(run, seen, "the lock cannot be read");
    return stopped(run, "The lock of this group could not be read for ten minutes.");
  }
  if (lock !== "free") {
    return lock.run === run.id ? null : stopped(run, `Failover ${lock.run} has taken this group over.`);
  }
  const group = run.group ?? run.input.database;
  const options = { shown: false, settleMs: 3000, tries: 20, repeatable: true };
  const again = once(run, seen, "relock", { kind: "take-lock", group }, options);
  if (again.is === "turn") return again.turn;
  return stopped(run, `The lock of this group lapsed and could not be taken again.`);
}

/** A redrive behind a call has the lock and the record of its own name: a run of the name since is seen by its own alone. */
export function besides(run: FailoverRun, { earlier }: Seen): Turn | null {
  const other = goesOnElsewhere(run, earlier);
  if (other === null) return null;
  const why = `Failover ${other.id} goes on with this group, as ${other.group}; two at once would undo each other.`;
  return stopped(run, why, { nextCommand: showCommand(other.id) });
}

export function blind(run: FailoverRun, seen: Seen): Turn {
  const { says = "", lasting = false, unknown = false, records = false } = seen.trouble ?? {};
  const who = records ? "the record of other failovers cannot be read" : "RDS does not answer";
  if (!isBlindTooLong(run, seen)) return wait(run, seen, who);
  if (records) return stopped(run, `What other failovers did could not be read for ten minutes (${says}).`);
  if (!unknown) return stopped(run, `RDS did not answer for ten minutes${lasting ? ` (${says})` : ""}.`);
  const why = `RDS has had none of this group for ten minutes, by no name (${says}): a redrive goes on with nobody.`;
  return stopped(run, why, { nextCommand: whereCommand(run), copies: copiesToo });
}

/**
 * A run that failed and is taken up after another one moved the group: its candidate is an old primary by now, and would
 * be opened beside the new one. Moved there and back, the writer is where it was, and only the record of calls tells.
 */
export function overtaken(run: FailoverRun, { topology }: Sight): Turn | null {
  if (!needsFence(run.method) || !mayHaveHappened(run, "execute")) return null;
  const { primary } = topology;
  const by = laterCall(run, topology);
  // A failback goes to a new instance under the old name as a rule.
  const namesake = primary !== null && primary === run.oldPrimary && hasItsName(run, topology);
  // The old one itself, also where people renamed it.
  const old = primary === run.oldPrimary ? !namesake : oldNode(run, topology)?.id === primary;
  const known = primary === null || old || primary === run.candidate;
  if (known && by === null) return null;
  const is = namesake ? `${primary}, another instance under that name,` : primary;
  const who = known
    ? `Failover ${by?.by ?? "of somebody else"} has moved this group since, at ${by?.at}`
    : `${is} is the primary by now, made so by ${by?.by ?? "somebody else"}`;
  return end(run, {
    status: "failed",
    says: `${who}: ${run.candidate} is not opened and no name is moved to it.`,
    nextCommand: known && by?.by ? showCommand(by.by) : describeCommand(primary ?? run.input.database),
  });
}

/** Of a record without its run: later than our own call could have been written down. */
const writtenMs = 60_000;

/** Another run's call after ours. */
function laterCall(
  { id, sent }: FailoverRun,
  { lastCall }: Sight["topology"],
): Sight["topology"]["lastCall"] | null {
  const own = sent["execute"]?.at;
  if (lastCall === undefined || own === undefined || lastCall.by === id) return null;
  return Date.parse(lastCall.at) > own + (lastCall.by === null ? writtenMs : 0) ? lastCall : null;
}

/** What a run that ends here leaves on the old primary. */
export function fenceText(run: FailoverRun): string {
  return fenceStands(run) ? ` ${run.oldPrimary} may be fenced.` : "";
}

/** Nothing is taken back by one that may not act or cannot see. */
function stopped(
  run: FailoverRun,
  why: string,
  { nextCommand = redriveCommand(run), copies = "" } = {},
): Turn {
  const fence = fenceStands(run) ? `${fenceText(run)}${copies}` : "";
  const before = run.ending === null ? "" : `${run.ending.says} `;
  const promoted = mayHaveHappened(run, "execute")
    ? "The call was sent; the names stay where they were."
    : "Nothing was promoted.";
  return end(run, {
    status: "failed",
    says: `${before}${why} ${promoted}${fence}`,
    nextCommand,
  });
}
