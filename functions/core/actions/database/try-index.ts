import * as z from "zod";
import type { Engine, Target } from "../../contract/target.ts";
import type { Followed } from "../../contract/work-order.ts";
import { SqlError } from "../../errors.ts";
import { type DatabaseWorld, defineDatabaseAction, defineOffer } from "../define.ts";
import { heldBy, isLeftToPerson } from "../held-by.ts";
import { refuse } from "../signals/refuse.ts";
import { backendSchema, findBegun } from "../statements/backend.ts";
import { isSurelyOwn, madeBy, notBuilt } from "../statements/built-index.ts";
import { builtBack } from "../statements/existing-index.ts";
import { indexProved, invalidLeft, mayBuild } from "../statements/index-build.ts";
import { createIndexSql, indexInputSchema } from "../statements/index-definition.ts";
import { judged, notTried } from "../statements/judge-trial.ts";
import { type Measure, measured, measureSchema, runMs, textOf } from "../statements/measure-statement.ts";
import { patient } from "../statements/object-statement.ts";
import { runsStatement } from "../statements/run-statement.ts";
import { seenBefore } from "../statements/seen-before.ts";
import { doesMoreThanRead } from "../statements/trial-functions.ts";
import { trialStatementSchema } from "../statements/trial-statement.ts";
import type { AlreadyDone, Check, Following, Run } from "../steps.ts";

const inputSchema = indexInputSchema.safeExtend({
  /** What is to become faster. */
  statement: trialStatementSchema,
  /** By how much cost and time have to fall, both; otherwise it is dropped again. */
  gainPercent: z.number().min(1).max(99).default(30),
});
type Input = z.infer<typeof inputSchema>;

/** A32: an index that has to earn its keep. */
export const tryIndexOffer = defineOffer({
  id: "try-index",
  spec: ["A32", "A40"],
  title: "Try the index",
  risk: "disruptive",
  asksAlways: true,
  engines: ["postgres", "mysql", "mariadb"],
  input: inputSchema,
  undo: "One that was kept is dropped, or hidden; one that did not pay is gone by itself.",
  preview: (input, { engine }) => `-- The statement, at most ${runMs / 1000} s each time, before and after:
${input.statement};
${buildSql(input, engine)};
-- Dropped again unless its cost and its time both fall by ${input.gainPercent} %.`,
  describes: ({ schema, table, name, definition }) =>
    `Builds index ${name} on ${schema}.${table} ${definition}, and drops it again unless it pays`,
  key: ({ schema, table, definition }) => `try-index ${schema} ${table} ${definition}`,
});

/** On MySQL and MariaDB nobody's plan sees it before it has been tried; PostgreSQL has no such index. */
function buildSql(input: Input, engine: Engine): string {
  const hidden = { postgres: "", mysql: " INVISIBLE", mariadb: " IGNORED" } as const;
  return createIndexSql({ ...input, definition: `${input.definition}${hidden[engine]}` }, engine);
}

const build = /* @__PURE__ */ runsStatement<Input>({
  what: "index build",
  grants: { postgres: [], mysql: [], mariadb: [] },
  lockSeconds: patient,
  longestSeconds: 21_600,
  sql: (input, { engine }: Target) => buildSql(input, engine),
  check: mayBuild,
  proves: indexProved,
  leftovers: invalidLeft,
  makes: madeBy,
  notOwn: notBuilt,
});

export const tryIndex = /* @__PURE__ */ defineDatabaseAction(tryIndexOffer, {
  grants: { postgres: [], mysql: [], mariadb: [] },
  preCheck,
  run,
  verify: (world, input) => indexProved(world, input),
  follow,
});

async function preCheck(world: DatabaseWorld, input: Input): Promise<Check> {
  const check = await build.preCheck(world, input);
  if (check.kind === "go")
    return (await triedBefore(world, input)) ?? (await doesMoreThanRead(world, input.statement)) ?? check;
  return check.kind === "already-done" ? notKnown(world, input, check) : check;
}

async function notKnown(
  world: DatabaseWorld,
  input: Input,
  { says: found, unproved }: AlreadyDone,
): Promise<AlreadyDone> {
  const says = `${found} What the statement cost without it is not known any more: nothing is tried, a person decides.`;
  // An attempt at this order that died may have built it, and hidden or shown it; of what may be another there is no undo.
  const back = world.repeated && unproved !== true ? { undo: await builtBack(world, input) } : {};
  return { kind: "already-done", says, unproved: true, ...back };
}

/** An attempt at this very order that died may have built it and dropped it again. */
async function triedBefore(world: DatabaseWorld, input: Input): Promise<Check | null> {
  if (!world.repeated || (await findBegun(world, buildSql(input, world.target.engine))) !== null) return null;
  const says = `An earlier attempt at this order ended without an answer, and index ${input.name} is not there: it may have been tried and dropped. Nothing was tried again: a person decides.`;
  return { kind: "already-done", says, unproved: true };
}

async function run(world: DatabaseWorld, input: Input): Promise<Run> {
  const before = await seenBefore(world, () => measuredFirst(world, input));
  if ("kind" in before) return before;
  world.note(`Before: ${textOf(before)}.`);
  // A repeat finds it at work, and builds nothing itself: it may have ended while the statement was measured.
  const again = world.repeated ? await preCheck(world, input) : null;
  if (again !== null && again.kind !== "go") return again;
  const built = await build.run(world, input);
  if (built.kind === "already-done") return notKnown(world, input, built);
  if (built.kind === "began" && typeof built.handle === "object" && built.handle !== null) {
    return { ...built, handle: { ...built.handle, trial: before } };
  }
  if (built.kind !== "acted") return built;
  const ended = await judged(world, input, { before, isOwn: true, made: null });
  return { kind: "acted", says: built.says, killed: [], ...ended };
}

async function measuredFirst(world: DatabaseWorld, input: Input): Promise<Measure | Run> {
  try {
    const more = await doesMoreThanRead(world, input.statement);
    return more === null ? await measured(world, input.statement) : asRun(more, notTried);
  } catch (error) {
    if (!(error instanceof SqlError) || error.kind === "connection-lost") throw error;
    const reason = `The statement could not be tried: ${error.message}. Nothing was built.`;
    return asRun(refuse("cannot-try", reason, "A person gives one that this user may run."), reason);
  }
}

function asRun(check: Check, says: string): Run {
  return check.kind === "refuse" ? check : { kind: "failed", says };
}

const trialSchema = z.object({ trial: measureSchema });
/** A look before this one ended without an answer. */
const lostSchema = z.object({ lostLook: z.literal(true) });
const perhapsTried =
  "An earlier look ended without an answer: it may have been built, tried and dropped again. Nothing was tried again: a person decides.";

async function follow(world: DatabaseWorld, input: Input, running: Followed): Promise<Following> {
  const following = await build.follow?.(world, input, running);
  if (following === undefined) return { kind: "failed", says: "It cannot be followed." };
  const isLost = (world.repeated && running.mayTidy) || lostSchema.safeParse(running.handle).success;
  if (following.kind === "failed" && isLost)
    return { kind: "ended", verdict: { kind: "not-verified", says: `${following.says} ${perhapsTried}` } };
  if (following.kind !== "ended" || following.verdict.kind !== "verified") return following;
  const { trial } = trialSchema.parse(running.handle);
  const { made } = backendSchema.parse(running.handle);
  const isOwn = await isSurelyOwn(world, input, made);
  if (!running.mayTidy) {
    const undo = await builtBack(world, input, isOwn);
    if (isLeftToPerson(running)) {
      const says = `${following.verdict.says} Whether it pays was not tried, a person decides: ${running.held}`;
      return { kind: "ended", verdict: { kind: "not-verified", says }, undo };
    }
    const held = heldBy(running, world.clock.now());
    const says = `${following.verdict.says} Whether it pays is not tried yet: ${held}`;
    return { kind: "running", says, undo };
  }
  const ended = await judged(world, input, { before: trial, isOwn, made });
  return { kind: "ended", ...ended };
}
