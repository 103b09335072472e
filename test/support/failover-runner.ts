import type { FailoverWorld } from "../../functions/adapters/memory/failover-world.ts";
import type { FailoverRun } from "../../functions/core/contract/failover.ts";
import { AwsError, ConflictError } from "../../functions/core/errors.ts";
import { carryOut } from "../../functions/core/failover/carry-out.ts";
import { claim, driverName } from "../../functions/core/failover/claim.ts";
import type { Effect } from "../../functions/core/failover/effect.ts";
import { observe } from "../../functions/core/failover/observe.ts";
import type { FailoverPorts } from "../../functions/core/failover/ports.ts";
import { afterSilence } from "../../functions/core/failover/redrive.ts";
import { next } from "../../functions/core/failover/run.ts";
import type { Answer, Seen } from "../../functions/core/failover/turn.ts";
import type { Script } from "./failover-script.ts";
import type { Seeded } from "./seeded.ts";

export interface Runner {
  readonly over: boolean;
  step(): Promise<void>;
}

/** Everything that one execution knows and loses when it dies. */
interface Execution {
  answer: Answer | null;
  waitUntil: number;
  /** Decided, saved, and not yet sent: it hangs there. */
  paused: { readonly effect: Effect; readonly until: number } | null;
}

/** The sweeper takes nobody up more often in one phase. */
const mostAways = 5;

const fresh = (): Execution => ({ answer: null, waitUntil: 0, paused: null });
const quiet = { cause: null, alarms: null, otherRun: null };

/** Executions of one run, each of which may die before or after every step, or hang and be replaced meanwhile. */
export function createRunner(
  id: string,
  ports: FailoverPorts,
  world: FailoverWorld,
  random: Seeded,
  { deaths, redriveAfterMs, byHand }: Pick<Script, "deaths" | "redriveAfterMs" | "byHand">,
): Runner {
  let execution: Execution | null = fresh();
  let resumeAt = 0;
  let over = false;
  const redrives = [...(byHand?.redrivesAfterMs ?? (redriveAfterMs === null ? [] : [redriveAfterMs]))];
  const hanging: Execution[] = [];
  const clock = { now: world.now, sleep: async () => undefined };
  let calls = 0;
  let aways = 0;
  let driver = { name: driverName(id, "0"), at: world.now() };
  const die = () => {
    execution = null;
    const away = byHand !== null && aways < mostAways && random.chance(0.5) ? byHand.awayMs : 0;
    aways += away > 0 ? 1 : 0;
    resumeAt = world.now() + 5000 + random.int(40_000) + away;
  };
  const endOrRedrive = (failed: boolean) => {
    const after = failed ? redrives.shift() : undefined;
    over = after === undefined;
    execution = null;
    resumeAt = world.now() + (after ?? 0);
  };
  /** As the shipped machine does; what the store or the lock refuses is tried again at the next second. */
  const resume = async () => {
    const stored = await ports.runs.get(id);
    if (stored === null) return;
    calls += 1;
    const how = stored.phase === "ended" ? "redrive" : "take-up";
    try {
      const run = await claim(id, { ports, clock, execution: id, call: String(calls), how });
      driver = run.driver ?? driver;
    } catch (error) {
      if (error instanceof AwsError) return;
      throw error;
    }
    execution = fresh();
  };
  const stepOf = async (of: Execution) => {
    const known = await ports.runs.get(id);
    if (known === null) return;
    const stored = afterSilence(known, world.now());
    const killSwitch = { engaged: world.switchedAt !== null, says: "engaged: test" };
    const situation = { ...quiet, killSwitch };
    const seen = await observe(stored, ports, world.now(), situation, of.answer);
    if (random.chance(deaths)) return die();
    const decided = next(stored, seen);
    const at = world.now();
    await ports.runs.save({ ...lookedAt(decided.run, seen, at), driver: { ...driver, at } });
    of.answer = null;
    if (decided.is === "ended") return endOrRedrive(decided.run.ending?.status === "failed");
    if (random.chance(deaths)) return die();
    if (decided.is === "wait") {
      of.waitUntil = decided.until;
      return;
    }
    if (random.chance(deaths)) {
      of.paused = { effect: decided.effect, until: world.now() + 1000 + random.int(60_000) };
      hanging.push(of);
      return die();
    }
    of.answer = await carryOut(decided.effect, ports);
    if (random.chance(deaths)) die();
  };
  const wake = async () => {
    for (const of of hanging) {
      if (of.paused === null || world.now() < of.paused.until) continue;
      const { effect } = of.paused;
      of.paused = null;
      await carryOut(effect, ports);
    }
  };
  return {
    get over() {
      return over;
    },
    step: async () => {
      await wake();
      if (over) return;
      if (execution === null) return world.now() >= resumeAt ? resume() : undefined;
      if (world.now() < execution.waitUntil) return;
      try {
        await stepOf(execution);
      } catch (error) {
        if (!(error instanceof ConflictError)) throw error;
        die();
      }
    },
  };
}

function lookedAt(run: FailoverRun, { topology }: Seen, at: number): FailoverRun {
  return { ...run, lookedAt: at, sawAt: topology === null ? run.sawAt : at };
}
