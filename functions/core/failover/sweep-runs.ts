import { type FailoverRun, type Phase, phases } from "../contract/failover.ts";
import { ConflictError, messageOf, ResponderError } from "../errors.ts";
import type { Ids, Workflow } from "../ports.ts";
import { redriveCommand } from "./commands.ts";
import { fenceText } from "./guards.ts";
import { givenBack } from "./lock-given-back.ts";
import { goneStale } from "./redrive.ts";
import { tellDuty } from "./tell-duty.ts";
import { tellEnd } from "./tell-end.ts";
import type { WatchDeps } from "./watch-deps.ts";
import { watchedIfMoved } from "./watch-duty.ts";
import { watchOldPrimary } from "./watch-old-primary.ts";

export interface SweepRunsDeps extends WatchDeps {
  readonly ids: Ids;
  /** The failover machine. */
  readonly workflow: Pick<Workflow, "start">;
}

export interface RunsSwept {
  readonly open: number;
  readonly takenUp: readonly string[];
  /** Runs that nobody can go on with: ended, and told. */
  readonly givenUp: readonly string[];
  readonly fencedAgain: readonly string[];
}

/** A driver writes at every look; one call and one look are far shorter. */
const silentMs = 180_000;
const mostTakenUp = 5;
const mostRuns = 40;
/** The function has 140 s; a last run that is begun takes a look and a call more. */
const sweepMs = 70_000;
/** lib/sweeper.ts begins one so often. */
const everyMs = 120_000;
const untoldMs = 3_600_000;

type Done = "left" | "taken-up" | "given-up" | "fenced-again";

/**
 * Every run whose driver has fallen silent, execution or terminal, gets a new execution; old primaries are looked at.
 * Throws at the end when one of them could not be seen to, so that it is tried again and an alarm hears of it.
 */
export async function sweepRuns(deps: SweepRunsDeps): Promise<RunsSwept> {
  const open = await deps.ports.runs.open();
  const did = new Map<string, Done>();
  const failures: string[] = [];
  const begunAt = deps.clock.now();
  // Every sweep begins with another one: a slow look at the first keeps the last from none but this sweep.
  const first = open.length === 0 ? 0 : Math.floor(begunAt / everyMs) % open.length;
  const inTurn = [...open.slice(first), ...open.slice(0, first)];
  let seen = 0;
  for (const id of inTurn.slice(0, mostRuns)) {
    if (deps.clock.now() - begunAt >= sweepMs) break;
    seen += 1;
    try {
      const run = await deps.ports.runs.get(id);
      if (run !== null) did.set(id, await seeTo(run, deps));
    } catch (error) {
      // Whoever wrote in this moment is alive.
      if (error instanceof ConflictError) continue;
      deps.log.error("failover.sweep-failed", { run: id, reason: messageOf(error) });
      failures.push(id);
    }
  }
  if (open.length > seen) failures.push(`${open.length - seen} more than one sweep takes`);
  if (failures.length > 0) throw new ResponderError(`not seen to: ${failures.join(", ")}`);
  const those = (what: Done) => [...did].flatMap(([id, done]) => (done === what ? [id] : []));
  return {
    ...{ open: open.length, takenUp: those("taken-up"), givenUp: those("given-up") },
    fencedAgain: those("fenced-again"),
  };
}

async function seeTo(run: FailoverRun, deps: SweepRunsDeps): Promise<Done> {
  if (run.phase === "ended") {
    return watchOldPrimary(await tellEnd(await withoutLock(run, deps), deps), deps);
  }
  const since = run.driver?.at ?? run.startedAt;
  if (deps.clock.now() - since < silentMs) return "left";
  if (run.takenUp >= mostTakenUp) return giveUp(run, deps);
  // Here it is known how long nobody wrote: whoever takes it up finds the sweeper's own mark.
  const marked = {
    ...goneStale(run, deps.clock.now()),
    takenUp: run.takenUp + 1,
    diedIn: furthest(run.phase, run.diedIn),
    driver: { name: "sweeper", at: deps.clock.now() },
  };
  await deps.ports.runs.save(marked);
  // A name of Step Functions has 80 characters at most.
  await deps.workflow.start(`${run.id.slice(0, 60)}-${deps.ids.next()}`.slice(0, 80), { takeUp: run.id });
  deps.log.warn("failover.taken-up", { run: run.id, phase: run.phase, times: marked.takenUp });
  deps.log.metric("FailoversTakenUp", 1, "Count");
  return "taken-up";
}

function furthest(one: Phase, other: Phase | null): Phase {
  return other !== null && phases.indexOf(other) > phases.indexOf(one) ? other : one;
}

/** Given back by its holder alone: a run that has the group by now keeps it. */
async function withoutLock(run: FailoverRun, { ports, log }: SweepRunsDeps): Promise<FailoverRun> {
  if (!run.keepsLock) return run;
  const freed = await givenBack(run, ports);
  log.warn("failover.lock-freed", { run: run.id });
  return freed;
}

/** It had ended, and only that was to be said and given back: the sweeper does both, and the end stays what it was. */
async function leaveToSweeper(run: FailoverRun, deps: SweepRunsDeps): Promise<Done> {
  const now = deps.clock.now();
  const untold = run.phase === "announce" ? { since: now, tries: 0 } : run.untold;
  const ended = { ...run, phase: "ended" as const, takenUp: 0, diedIn: null, keepsLock: true, untold };
  await deps.ports.runs.save(watchedIfMoved(ended, now));
  deps.log.error("failover.given-up", { run: run.id, phase: run.phase });
  return "given-up";
}

/** Its lock is kept: what it was doing may still happen, and nobody else is to begin meanwhile. */
async function giveUp(run: FailoverRun, deps: SweepRunsDeps): Promise<Done> {
  const atItsEnd = run.phase === "announce" || run.phase === "release";
  if (run.ending !== null && atItsEnd) return leaveToSweeper(run, deps);
  const before = run.ending === null ? "" : `${run.ending.says} `;
  const lock =
    run.token === null && run.sent["lock"] === undefined ? "it had no lock" : "its lock is kept for it";
  const says = `${before}${mostTakenUp} executions in a row died in ${run.phase}. What was sent may have happened, the names stay as they are, and ${lock}.${fenceText(run)}`;
  const ending = { status: "failed" as const, phase: run.phase, says, nextCommand: redriveCommand(run) };
  const after = watchedIfMoved(
    { ...run, phase: "ended", takenUp: 0, diedIn: null, ending },
    deps.clock.now(),
  );
  // First told, then ended: an end that nobody heard of is seen to by nobody. A channel that is down is no reason for ever.
  const told = await tellDuty(run, says, ending.nextCommand, deps);
  const since = deps.clock.now() - (run.driver?.at ?? run.startedAt);
  if (told === null && since < untoldMs) return "left";
  await deps.ports.runs.save({ ...after, thread: told?.thread ?? run.thread });
  deps.log.error("failover.given-up", { run: run.id, phase: run.phase });
  return "given-up";
}
