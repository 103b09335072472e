import { type FailoverRun, phases } from "../contract/failover.ts";
import { ConflictError, DeposedError } from "../errors.ts";
import type { Clock } from "../ports.ts";
import { carryOut } from "./carry-out.ts";
import type { Situation } from "./choose.ts";
import { observe } from "./observe.ts";
import type { FailoverPorts } from "./ports.ts";
import { afterSilence, goneStale } from "./redrive.ts";
import { type Next, next } from "./run.ts";
import type { Teller } from "./teller.ts";
import type { Answer } from "./turn.ts";

export interface DriveProps {
  readonly ports: FailoverPorts;
  readonly clock: Clock;
  readonly teller: Teller;
  /** Execution or terminal; another one that has the run in hand by now is left alone. */
  readonly driver: string;
  /** By "phase" it hands back where a phase is left, by "effect" when the run has ended. */
  readonly by: "phase" | "effect";
  /** So long it may go on; one more look and one more call then still end. */
  readonly budgetMs: number;
  situation(run: FailoverRun): Promise<Situation>;
}

export interface Driven {
  readonly run: FailoverRun;
  /** Until its next look is due. */
  readonly waitMs: number;
  readonly says: string;
}

/** Of one look with everything that is asked, and of one call. */
const lookMs = 25_000;
const callMs = 30_000;
/** Asked beside everything else. */
const unasked: Situation = { cause: null, alarms: null, otherRun: null };
/** A person takes minutes: whoever waits for one does so outside, and asks this often. */
const askedEveryMs = 3000;

/**
 * Goes on with a run: looks, decides, writes down, does, and looks again. What it holds between two looks is the
 * answer to the last call, and the run as it wrote it: whoever has written since is met at the next writing, before
 * anything is done. Throws DeposedError when another one has the run.
 */
export async function drive(first: FailoverRun, props: DriveProps): Promise<Driven> {
  const { clock } = props;
  const end = clock.now() + props.budgetMs;
  let answer: Answer | null = null;
  let known: FailoverRun | null = first;
  for (;;) {
    const stride = await oneStride(known ?? (await readAgain(first.id, props)), answer, props);
    known = knownAfter(stride);
    // A click, or another one that took it up: what was decided by the old look is not done.
    if (stride === "written-meanwhile") continue;
    const { run, decided, left } = stride;
    answer = null;
    if (decided.is === "ended") return { run, waitMs: 0, says: decided.told };
    if (decided.is === "do") {
      answer = await carryOut(decided.effect, props.ports, AbortSignal.timeout(callMs));
      continue;
    }
    const waitMs = left ? 0 : pauseOf(run, decided, clock.now());
    if (left || isForOutside(run, props) || clock.now() + waitMs > end) {
      return { run, waitMs, says: decided.says };
    }
    await clock.sleep(waitMs);
  }
}

interface Stride {
  readonly run: FailoverRun;
  readonly decided: Next;
  /** The phase was left, and whoever drives wants to know of each. */
  readonly left: boolean;
}

/** The card is written into the run by whoever asks, and a click by whoever clicked. */
function knownAfter(stride: Stride | "written-meanwhile"): FailoverRun | null {
  return stride === "written-meanwhile" || stride.run.phase === "approve" ? null : stride.run;
}

async function oneStride(
  known: FailoverRun,
  answer: Answer | null,
  props: DriveProps,
): Promise<Stride | "written-meanwhile"> {
  const { ports, clock, teller } = props;
  inHand(known, props);
  // A machine that slept, or an execution that waited long for its next call, is no younger than one that died.
  const before = afterSilence(known, clock.now());
  const { decided, saw } = await decide(before, answer, props);
  const thread = teller.thread() ?? decided.run.thread;
  const moved = decided.run.phase !== known.phase;
  const at = clock.now();
  const looked = { lookedAt: at, sawAt: saw ? at : decided.run.sawAt };
  const after = { ...pastDeath(decided.run), thread, ...looked, driver: { name: props.driver, at } };
  const run = await saved(after, ports);
  if (run === null) return "written-meanwhile";
  if (moved) teller.tell(run);
  return { run, decided, left: moved && props.by === "phase" };
}

/** Deaths in one phase are counted until it is behind: on the way back to it every phase before it is left anew. */
function pastDeath(run: FailoverRun): FailoverRun {
  const { diedIn, phase } = run;
  const behind = diedIn !== null && phases.indexOf(phase) > phases.indexOf(diedIn);
  return behind ? { ...run, takenUp: 0, diedIn: null } : run;
}

function isForOutside({ phase }: FailoverRun, { by }: DriveProps): boolean {
  return by === "phase" && phase === "approve";
}

function pauseOf({ phase }: FailoverRun, { until }: Extract<Next, { is: "wait" }>, now: number): number {
  return phase === "approve" ? askedEveryMs : Math.max(0, until - now);
}

async function saved(run: FailoverRun, { runs }: FailoverPorts): Promise<FailoverRun | null> {
  try {
    return await runs.save(run);
  } catch (error) {
    if (error instanceof ConflictError) return null;
    throw error;
  }
}

async function readAgain(id: string, { ports }: DriveProps): Promise<FailoverRun> {
  const run = await ports.runs.get(id);
  if (run === null) throw new DeposedError(`no run ${id} is known`);
  return run;
}

function inHand({ id, driver: has }: FailoverRun, { driver }: DriveProps): void {
  if (has?.name !== driver) throw new DeposedError(`${has?.name ?? "nobody"} goes on with ${id}`);
}

async function decide(
  before: FailoverRun,
  answer: Answer | null,
  props: DriveProps,
): Promise<{ readonly decided: Next; readonly saw: boolean }> {
  const signal = AbortSignal.timeout(lookMs);
  const [situation, seen] = await Promise.all([
    props.situation(before),
    observe(before, props.ports, props.clock.now(), unasked, answer, signal),
  ]);
  const now = props.clock.now();
  const saw = seen.topology !== null;
  // Seen again after it was not for long, with somebody there all the time.
  const run = saw ? goneStale(before, now) : before;
  const stale = run === before ? {} : ({ stale: true } as const);
  return { decided: next(run, { ...seen, ...stale, situation, now }, props.by), saw };
}
