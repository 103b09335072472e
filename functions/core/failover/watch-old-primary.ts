import type { Duty, FailoverRun } from "../contract/failover.ts";
import { type FailoverTopology, nodeOf } from "../contract/failover-topology.ts";
import type { Clock, KillSwitch, Log } from "../ports.ts";
import { describeCommand, goneCommand, showCommand } from "./commands.ts";
import { dutyMessage } from "./messages.ts";
import type { FailoverPorts } from "./ports.ts";
import { keepWatch } from "./watch-duty.ts";

export interface WatchDeps {
  readonly ports: FailoverPorts;
  readonly clock: Clock;
  readonly log: Log;
  readonly killSwitch: KillSwitch;
}

/** After that a person has had it long enough: they are told that nobody watches any more. */
const longestMs = 14 * 86_400_000;
const lookMs = 20_000;

/** One look at what a run has left to watch for. */
export async function watchOldPrimary(run: FailoverRun, deps: WatchDeps): Promise<"left" | "fenced-again"> {
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
  return fenceNow(run, step.node, step.tell, deps);
}

async function look(
  { input }: FailoverRun,
  { node: id }: Duty,
  { controlPlane, door }: FailoverPorts,
): Promise<FailoverTopology | null> {
  const signal = AbortSignal.timeout(lookMs);
  const topology = await controlPlane.describe(input.database, signal).catch(() => null);
  const node = topology === null ? null : nodeOf(topology, id);
  if (topology === null || node === null) return topology;
  const seen = await door.look(node, topology, signal).catch(() => null);
  return { ...topology, nodes: topology.nodes.map((one) => (one.id === id ? { ...one, look: seen } : one)) };
}

async function fenceNow(
  run: FailoverRun,
  node: string,
  tell: string,
  { ports, log, killSwitch }: WatchDeps,
): Promise<"left" | "fenced-again"> {
  const { engaged, says } = await killSwitch.read();
  if (engaged) {
    log.error("failover.not-fenced-again", { run: run.id, node, because: says });
    return "left";
  }
  const group = run.group ?? run.input.database;
  const kept = (await ports.lock.holder(group))?.run === run.id;
  // First written down: whoever dies behind the taking leaves a lock that the next sweep gives back.
  const noted = kept ? run : await ports.runs.save({ ...run, keepsLock: true });
  const { run: holder, token } = await ports.lock.take(group, run.id);
  // Another failover of this group is under way: whom it makes the primary is its decision.
  if (holder !== run.id) {
    if (!kept) await ports.runs.save({ ...noted, keepsLock: false });
    return "left";
  }
  // Whoever redrove it in this moment has the lock by the same name: a conflict gives back nothing.
  const saved = await ports.runs.save({ ...noted, token, effects: run.effects + 1 });
  try {
    await ports.door.fence(node, { run: run.id, token, effect: saved.effects });
    await ports.voice.tell(dutyMessage(run, tell, describeCommand(node)), run.thread);
    log.warn("failover.fenced-again", { run: run.id, node });
  } finally {
    if (!kept) await givenBack(saved, ports);
  }
  return "fenced-again";
}

/** Its holder's alone; what could not be given back stays written down as kept. */
export async function givenBack(
  run: FailoverRun,
  { lock, runs }: Pick<FailoverPorts, "lock" | "runs">,
): Promise<FailoverRun> {
  await lock.release(run.group ?? run.input.database, run.id);
  return runs.save({ ...run, keepsLock: false });
}

async function tellOnce(
  run: FailoverRun,
  of: Duty,
  says: string,
  { ports, clock, log }: WatchDeps,
): Promise<void> {
  const duties = run.duties.map((duty) => (duty.node === of.node ? { ...duty, toldAt: clock.now() } : duty));
  await ports.runs.save({ ...run, duties });
  await ports.voice.tell(dutyMessage(run, says, goneCommand(run)), run.thread);
  log.warn("failover.left-as-primary", { run: run.id, node: of.node });
}

async function endDuty(
  run: FailoverRun,
  { node }: Duty,
  says: string,
  { ports, log }: WatchDeps,
): Promise<void> {
  const duties = run.duties.filter((duty) => duty.node !== node);
  // Nobody would see to its lock any more.
  if (duties.length === 0) await givenBack({ ...run, duties }, ports);
  else await ports.runs.save({ ...run, duties });
  await ports.voice.tell(dutyMessage(run, says, showCommand(run.id)), run.thread);
  log.info("failover.duty-over", { run: run.id, node });
}
