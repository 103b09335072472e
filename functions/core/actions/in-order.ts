import type { Followed } from "../contract/work-order.ts";
import { messageOf } from "../errors.ts";
import type { Clock } from "../ports.ts";
import { type CutShort, type Ending, refused, stillRunning } from "./ending.ts";
import { type AlreadyDone, type Check, type Following, type Run, saysOf, type Verdict } from "./steps.ts";

/** An order's input in the hands of the action that understands it. */
export interface Bound<World> {
  readonly preCheck: (world: World) => Promise<Check>;
  readonly run: (world: World) => Promise<Run>;
  readonly verify: (world: World) => Promise<Verdict>;
  /** Null: what it does ends with its run. */
  readonly follow: ((world: World, running: Followed) => Promise<Following>) | null;
}

export interface Noting {
  readonly clock: Clock;
  note(says: string): void;
}

/** The words of an expected failure; anything else is a fault of this program, and is thrown on. */
type Tell<World> = (error: unknown, world: World) => string;

/** Target checked, and nothing done: "already-done" stands for nothing to do, too. */
export async function tried<World extends Noting>(
  bound: Bound<World>,
  world: World,
  tell: Tell<World>,
): Promise<Ending> {
  try {
    const check = await bound.preCheck(world);
    return check.kind === "refuse"
      ? refused(check)
      : { status: "already-done", summary: `Nothing was done: only tried. ${check.says}` };
  } catch (error) {
    return { status: "failed", summary: `The target could not be checked (${tell(error, world)}).` };
  }
}

/** Target checked, act, effect looked for. */
export async function inOrder<World extends Noting>(
  bound: Bound<World>,
  world: World,
  tell: Tell<World>,
  cutShort: CutShort,
): Promise<Ending> {
  let check: Check;
  try {
    check = await bound.preCheck(world);
  } catch (error) {
    return cutShort.before(`the target could not be checked (${tell(error, world)})`);
  }
  world.note(check.kind === "refuse" ? check.reason : check.says);
  if (check.kind === "already-done") return nothingLeft(check);
  if (check.kind === "refuse") return refused(check);
  let run: Run;
  try {
    run = await bound.run(world);
  } catch (error) {
    return cutShort.within(tell(error, world));
  }
  return afterRun(run, bound, world);
}

async function afterRun<World extends Noting>(run: Run, bound: Bound<World>, world: World): Promise<Ending> {
  switch (run.kind) {
    case "already-done":
      return nothingLeft(run);
    case "refuse":
      return refused(run);
    case "failed":
      return { status: "failed", summary: run.says, mayHaveActed: true, takesBack: run.undo ?? null };
    case "began": {
      world.note(run.says);
      const startedAt = new Date(world.clock.now()).toISOString();
      const { until, handle, undo } = run;
      return {
        status: "running",
        summary: run.says,
        mayHaveActed: true,
        running: { startedAt, until, handle, ...(undo === undefined ? {} : { undo }) },
        takesBack: undo ?? null,
      };
    }
    case "acted": {
      world.note(run.says);
      const verdict = run.verdict ?? (await verified(bound, world));
      world.note(verdict.says);
      const status = verdict.kind === "verified" ? "done" : "not-verified";
      return {
        status,
        summary: `${run.says} ${verdict.says}`,
        killed: [...run.killed],
        mayHaveActed: true,
        takesBack: run.undo ?? null,
      };
    }
    default:
      return run satisfies never;
  }
}

function nothingLeft({ says, unproved, undo }: AlreadyDone): Ending {
  return {
    status: unproved === true ? "not-verified" : "already-done",
    summary: says,
    // What an attempt that died may have done counts as done by this order.
    ...(undo === undefined ? {} : { takesBack: undo, mayHaveActed: true }),
  };
}

/** After acting nothing may hide that it acted, a fault of this program neither. */
async function verified<World>(bound: Bound<World>, world: World): Promise<Verdict> {
  try {
    return await bound.verify(world);
  } catch (error) {
    return { kind: "not-verified", says: `Its effect could not be looked for (${messageOf(error)}).` };
  }
}

/**
 * How far it is. What cannot be seen now is looked for again, until nobody waits for it any more; its way back is what the
 * last look told of it that saw it.
 */
export async function followed<World extends Noting>(
  bound: Bound<World>,
  running: Followed,
  world: World,
  tell: Tell<World>,
): Promise<Ending> {
  if (bound.follow === null)
    return { status: "not-verified", summary: "It cannot be followed.", mayHaveActed: true };
  const following = await lookedAt(bound.follow, running, world, tell);
  world.note(saysOf(following));
  switch (following.kind) {
    case "ended": {
      const { kind, says } = following.verdict;
      return {
        status: kind === "verified" ? "done" : "not-verified",
        summary: says,
        mayHaveActed: true,
        takesBack: following.undo ?? null,
      };
    }
    case "failed":
      return {
        ...{ status: "failed", summary: following.says, mayHaveActed: true },
        takesBack: following.undo ?? null,
      };
    case "running":
      return stillRunning(following.says, { ...running, ...following }, world.clock.now());
    // It counts for the limits all the same: it was counted when it was ordered.
    case "not-begun":
      return { ...refused(following), mayHaveActed: true };
    default:
      return following satisfies never;
  }
}

async function lookedAt<World>(
  follow: NonNullable<Bound<World>["follow"]>,
  running: Followed,
  world: World,
  tell: Tell<World>,
): Promise<Following> {
  try {
    return await follow(world, running);
  } catch (error) {
    return { kind: "running", says: `How far it is could not be seen (${tell(error, world)}).` };
  }
}
