import type { Duty, FailoverRun } from "../contract/failover.ts";
import { type FailoverTopology, isElsewhere, nodeOf } from "../contract/failover-topology.ts";
import { AwsError, messageOf } from "../errors.ts";
import type { Clock, KillSwitch, Log } from "../ports.ts";
import { describeCommand, goneCommand, showCommand, unwallCommand } from "./commands.ts";
import type { FailoverPorts } from "./ports.ts";
import { tellDuty } from "./tell-duty.ts";
import { type DutyStep, keepWatch } from "./watch-duty.ts";

export interface WatchDeps {
  readonly ports: FailoverPorts;
  readonly clock: Clock;
  readonly log: Log;
  readonly killSwitch: KillSwitch;
}

/** After that a person has had it long enough: they are told that nobody watches any more. */
const longestMs = 14 * 86_400_000;
/** And so long after it nobody is waited for who could be told. */
const untoldMs = 86_400_000;
const lookMs = 20_000;

/** One look at what a run has left to watch for. */
export async function watchOldPrimary(
  before: FailoverRun,
  deps: WatchDeps,
): Promise<"left" | "fenced-again"> {
  const run = await tellLeft(before, deps);
  const [duty] = run.duties;
  if (duty === undefined) return "left";
  if (deps.clock.now() - duty.since > longestMs) {
    const says = `${duty.node} was watched for two weeks${duty.unseen ? ", in case RDS shows it again" : " and is still there"}: nobody watches it any more.`;
    await endDuty(run, duty, says, deps);
    return "left";
  }
  const topology = await look(run, duty, deps.ports);
  const step = keepWatch(duty, topology);
  if (step.is === "over") await endDuty(run, duty, `${step.says}: it is watched no more.`, deps);
  if (step.is === "leave" && duty.toldAt === undefined) await tellOnce(run, duty, step.tell, deps);
  if (step.is !== "fence") return "left";
  return fenceNow(run, { ...step, quarantineGroup: topology?.quarantineGroup ?? null }, deps);
}

async function look(
  run: FailoverRun,
  { node: id }: Duty,
  { controlPlane, door }: FailoverPorts,
): Promise<FailoverTopology | null> {
  const signal = AbortSignal.timeout(lookMs);
  const topology = await described(run, controlPlane, signal).catch(() => null);
  const node = topology === null ? null : nodeOf(topology, id);
  if (topology === null || node === null) return topology;
  const seen = await door.look(node, topology, signal).catch(() => null);
  return { ...topology, nodes: topology.nodes.map((one) => (one.id === id ? { ...one, look: seen } : one)) };
}

/** People are told to delete the old primary, by whose name the group was called. */
async function described(
  { input: { database }, candidate }: FailoverRun,
  controlPlane: FailoverPorts["controlPlane"],
  signal: AbortSignal,
): Promise<FailoverTopology> {
  try {
    return await controlPlane.describe(database, signal);
  } catch (error) {
    const unknown = error instanceof AwsError && /NotFound/.test(error.code);
    if (!unknown || candidate === null || candidate === database) throw error;
    return controlPlane.describe(candidate, signal);
  }
}

type ToFence = Extract<DutyStep, { is: "fence" }> & { readonly quarantineGroup: string | null };

async function fenceNow(run: FailoverRun, step: ToFence, deps: WatchDeps): Promise<"left" | "fenced-again"> {
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
  const kept = (await ports.lock.holder(group))?.run === run.id;
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
  const saved = await ports.runs.save({ ...noted, token, effects: run.effects + 1 });
  let after = saved;
  try {
    await ports.door.fence(node, { run: run.id, token, effect: saved.effects, nodes: run.known });
    const fenced = ({ unfencedToldAt: _, ...duty }: Duty) => ({ ...duty, untold: step.tell });
    after = await ports.runs.save(withDuty(saved, node, fenced));
    after = await tellLeft(after, deps);
    log.warn("failover.fenced-again", { run: run.id, node });
  } catch (error) {
    if (after === saved) after = await tellUnfenced(saved, step, messageOf(error), deps);
    throw error;
  } finally {
    if (!kept) await givenBack(after, ports);
  }
  return "fenced-again";
}

/** That it was fenced again: no look after it shows that, so it stands in the run until a channel took it. */
async function tellLeft(run: FailoverRun, deps: WatchDeps): Promise<FailoverRun> {
  const { node, untold } = run.duties.find((duty) => duty.untold !== undefined) ?? {};
  if (node === undefined || untold === undefined) return run;
  const told = await tellDuty(run, untold, describeCommand(node), deps);
  return told === null ? run : deps.ports.runs.save(withDuty(told, node, ({ untold: _, ...duty }) => duty));
}

/** Once for each time that it comes back; what no channel took is tried again with the next sweep. */
async function tellUnfenced(
  run: FailoverRun,
  { node, sees, quarantineGroup }: ToFence,
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

function withDuty(run: FailoverRun, node: string, change: (duty: Duty) => Duty): FailoverRun {
  return { ...run, duties: run.duties.map((duty) => (duty.node === node ? change(duty) : duty)) };
}

/**
 * Its holder's alone; what could not be given back stays written down as kept. Whoever redrove it meanwhile has the lock
 * by the same name: he has written, or his token is a newer one than was seen here.
 */
export async function givenBack(
  run: FailoverRun,
  { lock, runs }: Pick<FailoverPorts, "lock" | "runs">,
  duties = run.duties,
): Promise<FailoverRun> {
  const group = run.group ?? run.input.database;
  const holder = await lock.holder(group);
  const kept = await runs.save({ ...run, keepsLock: true });
  if (holder?.run === run.id) await lock.release(group, run.id, undefined, holder.token);
  return runs.save({ ...kept, duties, keepsLock: false });
}

async function tellOnce(run: FailoverRun, of: Duty, says: string, deps: WatchDeps): Promise<void> {
  const { ports, clock, log } = deps;
  const told = await tellDuty(run, says, goneCommand(run), deps);
  if (told === null) return;
  await ports.runs.save(withDuty(told, of.node, (duty) => ({ ...duty, toldAt: clock.now() })));
  log.warn("failover.left-as-primary", { run: run.id, node: of.node });
}

async function endDuty(
  run: FailoverRun,
  { node, since }: Duty,
  says: string,
  deps: WatchDeps,
): Promise<void> {
  const { ports, clock, log } = deps;
  const told = await tellDuty(run, says, showCommand(run.id), deps);
  if (told === null && clock.now() - since <= longestMs + untoldMs) return;
  const duties = run.duties.filter((duty) => duty.node !== node);
  // Nobody would see to its lock any more.
  const after = told ?? run;
  if (duties.length === 0) await givenBack(after, ports, duties);
  else await ports.runs.save({ ...after, duties });
  log.info("failover.duty-over", { run: run.id, node });
}
