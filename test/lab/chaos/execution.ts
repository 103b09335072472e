import { setTimeout as sleep } from "node:timers/promises";
import { createSystemClock } from "../../../functions/adapters/aws/system-clock.ts";
import { type FailoverRun, newRun } from "../../../functions/core/contract/failover.ts";
import type { FailoverInput } from "../../../functions/core/contract/failover-input.ts";
import { ConflictError } from "../../../functions/core/errors.ts";
import { carryOut } from "../../../functions/core/failover/carry-out.ts";
import { claim } from "../../../functions/core/failover/claim.ts";
import type { Effect } from "../../../functions/core/failover/effect.ts";
import { observe } from "../../../functions/core/failover/observe.ts";
import type { FailoverPorts } from "../../../functions/core/failover/ports.ts";
import { next } from "../../../functions/core/failover/run.ts";
import { takeUp } from "../../../functions/core/failover/take-up.ts";
import type { Answer } from "../../../functions/core/failover/turn.ts";
import type { Seeded } from "../../support/seeded.ts";

/** When whoever carries a run dies: at one of its effects, or once at each of them. */
export type Deaths = "none" | "before-one" | "before-each" | "after-each" | "hangs-at-one";

/** Effects of a failover that meets no trouble: wall, restart, fence, execute, point, rebuild, tag, announce, release. */
const usualEffects = 9;

interface Execution {
  readonly id: string;
  readonly ports: FailoverPorts;
  readonly deaths: Deaths;
  readonly random: Seeded;
  readonly input: FailoverInput;
  readonly until: number;
  /** Until somebody notices that it died. */
  pause(ms: number): Promise<void>;
  /** Left out, a person is asked first. */
  readonly approved: boolean;
  /** It ended in a failure, and somebody takes it up again. */
  readonly again: boolean;
}

const situation = { cause: null, alarms: null, otherRun: null };

/** As the shipped driver has them. */
const lookMs = 25_000;
const callMs = 30_000;

class Died extends Error {
  override readonly name = "Died";
}

/** The loop of the machine in process, from the first step to the last; null: it had not ended when the time was over. */
export async function executeRun(options: Execution): Promise<FailoverRun | null> {
  const { id, ports, random, until } = options;
  const mortal = mortality(options);
  await begin(options);
  let known: Known = { run: null, answer: null };
  while (Date.now() < until) {
    try {
      const step = await stepOf(id, ports, known, mortal);
      if (step === "ended") return await ports.runs.get(id);
      known = step;
    } catch (error) {
      known = { run: null, answer: null };
      await ports.door.close?.();
      // The store cannot be reached for a moment, or somebody else carries it on: both end this execution.
      await options.pause(
        error instanceof Died || error instanceof ConflictError ? 300 + random.int(2500) : 1000,
      );
      const run = await ports.runs.get(id).catch(() => null);
      if (run !== null && run.phase !== "ended") await takeUp(run, ports.lock).catch(() => null);
    }
  }
  await mortal.settled();
  return null;
}

async function begin({ id, ports, input, approved, again }: Execution): Promise<void> {
  const clock = createSystemClock();
  const call = String(clock.now());
  if (again) await claim(id, { ports, clock, execution: id, call, how: "redrive" });
  else await ports.runs.save(newRun(id, input, clock.now(), approved));
}

/** What an execution holds between two looks, as the shipped driver does. */
interface Known {
  readonly run: FailoverRun | null;
  readonly answer: Answer | null;
}

async function stepOf(
  id: string,
  ports: FailoverPorts,
  { run: known, answer }: Known,
  mortal: ReturnType<typeof mortality>,
): Promise<Known | "ended"> {
  const stored = known ?? (await ports.runs.get(id));
  if (stored === null) throw new Error(`${id} is not in the store`);
  const seen = await observe(stored, ports, Date.now(), situation, answer, AbortSignal.timeout(lookMs));
  const decided = next(stored, seen);
  const saved = await ports.runs.save(decided.run);
  const run = saved.phase === "approve" ? null : saved;
  if (decided.is === "ended") return "ended";
  if (decided.is === "wait") {
    await sleep(Math.max(0, decided.until - Date.now()));
    return { run, answer: null };
  }
  mortal.before(decided.effect);
  const came = await carryOut(decided.effect, ports, AbortSignal.timeout(callMs));
  mortal.after(decided.effect);
  return { run, answer: came };
}

/** One that hangs has saved what it is about to do, is replaced, and does it all the same when it wakes. */
function mortality({ deaths, ports, random }: Execution) {
  const died = new Set<string>();
  const late: Promise<unknown>[] = [];
  const fatal = random.int(usualEffects);
  let effects = 0;
  const dies = (of: Effect, when: Deaths): boolean => {
    if (deaths !== when || died.has(of.key)) return false;
    died.add(of.key);
    return deaths === "after-each" || deaths === "before-each" || effects === fatal;
  };
  return {
    before: (effect: Effect) => {
      const before = dies(effect, "before-one") || dies(effect, "before-each");
      const hangs = dies(effect, "hangs-at-one");
      effects += 1;
      if (before) throw new Died();
      if (!hangs) return;
      late.push(sleep(1000 + random.int(8000)).then(() => carryOut(effect, ports)));
      throw new Died();
    },
    after: (effect: Effect) => {
      if (dies(effect, "after-each")) throw new Died();
    },
    settled: () => Promise.all(late),
  };
}
