import type { FailoverRun } from "../contract/failover.ts";
import type { Duty } from "../contract/failover-duty.ts";
import { messageOf, ResponderError } from "../errors.ts";
import { describeCommand, goneCommand, showCommand } from "./commands.ts";
import { fenceOld } from "./fence-old.ts";
import { givenBack } from "./lock-given-back.ts";
import { lookAtOld, type OldSeen } from "./look-at-old.ts";
import { moreThan, tookWrites } from "./loss.ts";
import { tellDuty, tellLeft } from "./tell-duty.ts";
import type { WatchDeps } from "./watch-deps.ts";
import { type DutyStep, isLongServed, keepWatch, lastLook, withDuty } from "./watch-duty.ts";

/** After that a person has had it long enough: they are told that nobody watches any more. */
const longestMs = 14 * 86_400_000;
/** And so long after it nobody is waited for who could be told. */
const untoldMs = 86_400_000;
/** One look that RDS throttled is nobody's alarm. */
const blindMs = 300_000;

/** One look at what a run has left to watch for. Throws where nobody has been able to look for five minutes. */
export async function watchOldPrimary(
  before: FailoverRun,
  deps: WatchDeps,
): Promise<"left" | "fenced-again"> {
  const run = await tellLeft(before, deps);
  const [duty] = run.duties;
  if (duty === undefined) return "left";
  if (deps.clock.now() - duty.since > longestMs) {
    const says = `${duty.node} was watched for two weeks: nobody watches it any more. ${lastLook(duty)}`;
    await endDuty(run, duty, says, deps);
    return "left";
  }
  const old = await lookAtOld(run, duty, deps.ports).catch(messageOf);
  if (typeof old === "string") return blinded(run, duty, old, deps);
  const served = isLongServed(run, duty, deps.clock.now());
  const step = keepWatch(old.duty, old.group, served);
  const seen = await kept(run, duty, { old, step }, deps);
  if (step.is === "over") await endDuty(seen, old.duty, `${step.says}: it is watched no more.`, deps);
  if (step.is === "leave") await tellOnce(seen, old.duty, step, deps);
  return step.is === "fence" ? fenceOld(seen, { ...step, ...old }, deps) : "left";
}

/** What the look showed, before anything is done about it: also of who dies behind it, and for who asks by --show. */
async function kept(
  run: FailoverRun,
  { node: before, blind }: Duty,
  { old, step }: { readonly old: OldSeen; readonly step: DutyStep },
  { ports, clock, log }: WatchDeps,
): Promise<FailoverRun> {
  const { node } = old.duty;
  const { is, says } = step;
  if (node !== before) log.warn("failover.old-primary-renamed", { run: run.id, before, node });
  const again = blind?.toldAt === undefined ? {} : { untold: `It is looked at again: ${says}.` };
  const seen = ({ blind: _, unfencedToldAt, ...duty }: Duty): Duty => ({
    ...{ ...again, ...duty, node, seen: { at: clock.now(), says } },
    ...(unfencedToldAt === undefined || (is === "watch" && step.shut) ? {} : { unfencedToldAt }),
  });
  const after = withDuty(run, before, seen);
  // However its fence turns out: what it took until now the new primary has not.
  const taken = is === "fence" || is === "leave";
  return ports.runs.save(taken ? { ...after, loss: moreThan(run.loss, tookWrites(node)) } : after);
}

/** Whether it takes writes nobody sees. Told once, and each sweep fails until somebody does: that has an alarm. */
async function blinded(
  run: FailoverRun,
  { node, blind }: Duty,
  why: string,
  deps: WatchDeps,
): Promise<"left"> {
  const { ports, clock, log } = deps;
  const since = blind?.since ?? clock.now();
  log.warn("failover.old-primary-unseen", { run: run.id, node, reason: why });
  const noted = await ports.runs.save(
    withDuty(run, node, (duty) => ({ ...duty, blind: { ...blind, since, says: why } })),
  );
  if (clock.now() - since < blindMs) return "left";
  if (blind?.toldAt === undefined) {
    const [duty] = noted.duties;
    const says = `${node}, the old primary, cannot be looked at: whether it takes writes nobody sees. ${duty === undefined ? "" : lastLook(duty)}`;
    const told = await tellDuty(noted, says, describeCommand(node), deps);
    const toldAt = clock.now();
    if (told !== null)
      await ports.runs.save(withDuty(told, node, (of) => ({ ...of, blind: { since, says: why, toldAt } })));
  }
  throw new ResponderError(`${node} cannot be looked at: ${why}`);
}

async function tellOnce(
  run: FailoverRun,
  { node }: Duty,
  { tell, told: name }: Extract<DutyStep, { is: "leave" }>,
  deps: WatchDeps,
): Promise<void> {
  const { ports, clock, log } = deps;
  if (run.duties.some((duty) => duty.node === node && duty[name] !== undefined)) return;
  const told = await tellDuty(run, tell, goneCommand(run), deps);
  if (told === null) return;
  await ports.runs.save(withDuty(told, node, (duty) => ({ ...duty, [name]: clock.now() })));
  log.warn("failover.left-as-primary", { run: run.id, node });
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
