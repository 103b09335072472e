import type { FailoverRun } from "../contract/failover.ts";
import { ConflictError, DeposedError, InvalidInputError } from "../errors.ts";
import type { Clock } from "../ports.ts";
import { redriveCommand } from "./commands.ts";
import { givesBack } from "./give-back.ts";
import { isGivenUp } from "./given-up.ts";
import type { FailoverPorts } from "./ports.ts";
import { afterSilence, redrive } from "./redrive.ts";
import { takeUp } from "./take-up.ts";

export interface ClaimProps {
  readonly ports: Pick<FailoverPorts, "runs" | "lock">;
  readonly clock: Clock;
  readonly execution: string;
  /** Of this call alone: a call before it that still hangs finds another name in the store, and stops. */
  readonly call: string;
  /**
   * "next": this execution has it in hand already. "again": so it has, and an earlier call of it may still be at work.
   * "take-up": whoever had it is dead. "redrive": it ended in a failure, and is to go on. "give-back": it ended, and is to
   * take its fence off.
   */
  readonly how: "next" | "again" | "take-up" | "redrive" | "give-back";
  /** Of a redrive: whoever types it has agreed by that. Left out: as the run had it. */
  readonly approved?: boolean;
  /** Of a redrive: vetoes that whoever types it overrides. */
  readonly force?: readonly string[];
}

/**
 * Makes one call the only one that goes on with a run. Wherever another may still be at work the lock is taken anew,
 * so that what that one still sends carries an old token. Throws DeposedError when another execution has the run, and
 * InvalidInputError where vetoes are overridden of one that goes on: it would not hear of them.
 */
export async function claim(id: string, props: ClaimProps): Promise<FailoverRun> {
  const { ports, clock, execution, call, how } = props;
  const stored = await ports.runs.get(id);
  if (stored === null) throw new DeposedError(`no run ${id} is known`);
  const own = how === "next" || how === "again";
  if (own && !isOf(stored, execution)) {
    throw new DeposedError(`${stored.driver?.name ?? "nobody"} goes on with ${id}`);
  }
  const run = resumedBy(how, stored, clock.now(), props);
  if (run.phase === "ended") return run;
  // First written down: whoever dies behind the taking leaves a lock that the sweeper gives back.
  const { revision } =
    how === "redrive" || how === "give-back" ? await ports.runs.save({ ...stored, keepsLock: true }) : stored;
  const token = how === "next" ? null : await takeUp(run, ports.lock);
  // However far it grew: a first try that died has a token, too. Whom another run promoted the group's record shows.
  const known = token === null ? run : { ...run, token };
  const driver = { name: driverName(execution, call), at: clock.now() };
  try {
    return await ports.runs.save({ ...known, revision, driver });
  } catch (error) {
    if (error instanceof ConflictError && token !== null) await unheld(known, token, how, ports);
    throw error;
  }
}

/**
 * Behind a sweeper that saw nothing to give back, or an earlier call that gave back what it had, and ended: of what was
 * taken since, nobody else knows. One that was given up meanwhile keeps it.
 */
async function unheld(
  { id, group }: FailoverRun,
  token: number,
  how: ClaimProps["how"],
  { runs, lock }: ClaimProps["ports"],
): Promise<void> {
  const now = await runs.get(id);
  // Whoever goes on with it by now may do so under this very token.
  if (group === null || now?.phase !== "ended") return;
  if (isGivenUp(now) && (how === "again" || how === "take-up")) return;
  await lock.release(group, id, undefined, token);
}

function resumedBy(
  how: ClaimProps["how"],
  stored: FailoverRun,
  now: number,
  { approved, force }: Pick<ClaimProps, "approved" | "force">,
): FailoverRun {
  if (how === "give-back") return givesBack(stored, now);
  const unheard = (force ?? []).filter((name) => !stored.forcedAgain.includes(name));
  if (how === "redrive" && stored.phase !== "ended" && unheard.length > 0)
    throw new InvalidInputError(stillGoesOn(stored, unheard));
  // One that has not ended goes on as it was, by whoever takes it from a driver that may be dead.
  if (how === "redrive" && stored.phase === "ended") return redrive(stored, now, approved, force);
  return how === "next" ? stored : afterSilence(stored, now);
}

function stillGoesOn({ id, phase }: FailoverRun, unheard: readonly string[]): string {
  const says = `${id} goes on in ${phase}, and hears of no --force ${unheard.join(", --force ")} meanwhile. Nothing was done.`;
  return `${says} Wait for its end, or type it without: ${redriveCommand({ id })}`;
}

export function driverName(execution: string, call: string): string {
  return `${execution}#${call}`;
}

function isOf({ driver }: FailoverRun, execution: string): boolean {
  return driver?.name.startsWith(`${execution}#`) === true;
}
