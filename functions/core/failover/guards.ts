import type { FailoverRun } from "../contract/failover.ts";
import { describeCommand, redriveCommand } from "./commands.ts";
import { needsFence } from "./methods.ts";
import { hasItsName } from "./old-node.ts";
import { end, mayHaveHappened, once, type Seen, type Sight, type Turn, wait } from "./turn.ts";

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

export function blind(run: FailoverRun, seen: Seen): Turn {
  if (!isBlindTooLong(run, seen)) return wait(run, seen, "RDS does not answer");
  return stopped(run, "RDS did not answer for ten minutes.");
}

/**
 * A run that failed and is taken up after another one moved the group: its candidate is an old primary by now, and would
 * be opened beside the new one.
 */
export function overtaken(run: FailoverRun, { topology }: Sight): Turn | null {
  const { primary } = topology;
  if (!needsFence(run.method) || !mayHaveHappened(run, "execute") || primary === null) return null;
  // A failback goes to a new instance under the old name as a rule.
  const namesake = hasItsName(run, topology) && primary === run.oldPrimary;
  if ((primary === run.oldPrimary && !namesake) || primary === run.candidate) return null;
  const who = namesake ? `${primary}, another instance under that name,` : primary;
  return end(run, {
    status: "held",
    says: `${who} is the primary by now, made so by somebody else: ${run.candidate} is not opened and no name is moved to it.`,
    nextCommand: describeCommand(primary),
  });
}

/** What a run that ends here leaves on the old primary. */
export function fenceText(run: FailoverRun): string {
  const fenced =
    run.givenBack === null &&
    ["wall", "fence", "refence", "restart"].some((key) => mayHaveHappened(run, key));
  return fenced ? ` ${run.oldPrimary} may be fenced.` : "";
}

/** Nothing is taken back by one that may not act or cannot see. */
function stopped(run: FailoverRun, why: string): Turn {
  const fence = fenceText(run);
  const before = run.ending === null ? "" : `${run.ending.says} `;
  const promoted = mayHaveHappened(run, "execute")
    ? "The call was sent; the names stay where they were."
    : "Nothing was promoted.";
  return end(run, {
    status: "failed",
    says: `${before}${why} ${promoted}${fence}`,
    nextCommand: redriveCommand(run),
  });
}
