import type { FailoverRun } from "../contract/failover.ts";
import type { Duty } from "../contract/failover-duty.ts";
import { isElsewhere } from "../contract/failover-topology.ts";
import { messageOf } from "../errors.ts";
import { describeCommand, unwallCommand } from "./commands.ts";
import { isGivenUp } from "./given-up.ts";
import { givenBack } from "./lock-given-back.ts";
import { tellDuty, tellLeft } from "./tell-duty.ts";
import type { WatchDeps } from "./watch-deps.ts";
import { type DutyStep, withDuty } from "./watch-duty.ts";

type ToFence = Extract<DutyStep, { is: "fence" }> & { readonly quarantineGroup: string | null };

/** An old primary that takes writes, by the lock of its group and unless the kill switch is engaged. */
export async function fenceOld(
  run: FailoverRun,
  step: ToFence,
  deps: WatchDeps,
): Promise<"left" | "fenced-again"> {
  const { ports, log, killSwitch } = deps;
  const { node } = step;
  const { engaged, says } = await killSwitch.read().catch(async (error: unknown) => {
    await tellUnfenced(run, step, `the kill switch cannot be read (${messageOf(error)})`, deps);
    throw error;
  });
  if (engaged) {
    log.error("failover.not-fenced-again", { run: run.id, node, because: says });
    await tellUnfenced(run, step, `the kill switch is engaged (${says})`, deps);
    return "left";
  }
  const group = run.group ?? run.input.database;
  // A lock that is kept for a redrive nobody else frees, and it stays; what a late taking left is given back with this one.
  const kept = isGivenUp(run) && (await ports.lock.holder(group))?.run === run.id;
  // First written down: whoever dies behind the taking leaves a lock that the next sweep gives back.
  const noted = kept ? run : await ports.runs.save({ ...run, keepsLock: true });
  const { run: holder, token } = await ports.lock.take(group, run.id);
  // Another failover of this group: whom it makes the primary is its decision. One that was given up decides nothing.
  if (holder !== run.id) {
    const left = kept ? noted : await ports.runs.save({ ...noted, keepsLock: false });
    await tellUnfenced(left, step, `failover ${holder} has the group`, deps);
    return "left";
  }
  // Whoever redrove it in this moment has the lock by the same name: a conflict gives back nothing.
  const saved = await ports.runs.save(fencing({ ...noted, token }, deps.clock.now()));
  const { run: after, failed } = await fenced(saved, token, step, deps);
  if (!kept) await givenBack(after, ports);
  if (failed !== null) throw failed.error;
  return "fenced-again";
}

/** What may have happened counts as happened: by this it is known that a fence may stand, and may be given back. */
function fencing(run: FailoverRun, at: number): FailoverRun {
  const token = run.token === null ? {} : { token: run.token };
  const refence = { at, tries: 1, unclear: false, answer: "none" as const, says: null, ...token };
  return { ...run, effects: run.effects + 1, givenBack: null, sent: { ...run.sent, refence } };
}

function refenced({ sent: { refence } }: FailoverRun): FailoverRun["sent"] {
  return refence === undefined ? {} : { refence: { ...refence, answer: "done" } };
}

interface Fenced {
  readonly run: FailoverRun;
  readonly failed: { readonly error: unknown } | null;
}

async function fenced(run: FailoverRun, token: number, step: ToFence, deps: WatchDeps): Promise<Fenced> {
  const { ports, log } = deps;
  const { node, says } = step;
  try {
    await ports.door.fence(node, { run: run.id, token, effect: run.effects, nodes: run.known });
  } catch (error) {
    return { run: await tellUnfenced(run, step, messageOf(error), deps), failed: { error } };
  }
  log.warn("failover.fenced-again", { run: run.id, node });
  const tell = `${says}: it is fenced again. What it took until then the new primary never gets.`;
  try {
    const noted = ({ unfencedToldAt: _, ...duty }: Duty) => ({ ...duty, untold: tell });
    const done = withDuty({ ...run, sent: { ...run.sent, ...refenced(run) } }, node, noted);
    return { run: await tellLeft(await ports.runs.save(done), deps), failed: null };
  } catch (error) {
    // It stands fenced all the same, and no later look would tell that it was not.
    await tellDuty(run, tell, describeCommand(node), deps);
    return { run, failed: { error } };
  }
}

/** Once for each time that it comes back; what no channel took is tried again with the next sweep. */
async function tellUnfenced(
  run: FailoverRun,
  { node, says: sees, quarantineGroup }: ToFence,
  why: string,
  deps: WatchDeps,
): Promise<FailoverRun> {
  const duty = run.duties.find((one) => one.node === node);
  if (duty === undefined || duty.unfencedToldAt !== undefined) return run;
  const says = `${sees}, and it is NOT FENCED: ${why}. What clients write there the new primary never gets: keep them off it by hand.`;
  const command =
    quarantineGroup === null || isElsewhere({ id: node })
      ? describeCommand(node)
      : unwallCommand(node, [quarantineGroup]);
  const told = await tellDuty(run, says, command, deps);
  if (told === null) return run;
  const unfencedToldAt = deps.clock.now();
  return deps.ports.runs.save(withDuty(told, node, (of) => ({ ...of, unfencedToldAt })));
}
