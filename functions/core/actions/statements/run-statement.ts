import * as z from "zod";
import type { Followed } from "../../contract/work-order.ts";
import { SqlError } from "../../errors.ts";
import type { ActionRun, DatabaseWorld } from "../define.ts";
import { heldBy, isLeftToPerson } from "../held-by.ts";
import { sentNote } from "../sent.ts";
import type { Check, Following, Run, Verdict } from "../steps.ts";
import { type Backend, backendSchema, findBegun, howFar, startingPoint } from "./backend.ts";
import { leftToDo } from "./done-before.ts";
import { gaveUp } from "./gave-up.ts";
import { lockLimit } from "./lock-limit.ts";
import { madeMeanwhile } from "./made-meanwhile.ts";
import type { ObjectStatement } from "./object-statement.ts";
import { backOf, proved, unseen } from "./prove-statement.ts";
import { seenBefore } from "./seen-before.ts";
import { names, ownNames, tidy } from "./tidy.ts";

/** So long it is waited for before it is left to itself: most are done by then, and an order's function has a minute. */
const waitMs = 8000;

/** How such a statement is carried out, followed and proved; it is sent once, whoever repeats the order. */
export function runsStatement<Input>(statement: ObjectStatement<Input>): ActionRun<Input> {
  return {
    grants: statement.grants,
    preCheck: (world, input) => preCheck(statement, world, input),
    run: (world, input) => run(statement, world, input),
    verify: (world, input) => proved(statement, world, input, { withinSeconds: 60, mark: null }),
    follow: (world, input, running) => follow(statement, world, input, running),
  };
}

/** What an attempt before has begun, whose answer was lost, is nobody else's work to give way to. */
async function preCheck<Input>(
  statement: ObjectStatement<Input>,
  world: DatabaseWorld,
  input: Input,
): Promise<Check> {
  if ((await findBegun(world, await sqlOf(statement, world, input))) !== null)
    return { kind: "go", says: `The ${statement.what} was begun before.` };
  return leftToDo(statement, world, input);
}

/** What the check saw at work may have ended by now: whether it has done it is asked again before anything is sent. */
async function endedBetween<Input>(
  statement: ObjectStatement<Input>,
  world: DatabaseWorld,
  input: Input,
): Promise<Exclude<Check, { kind: "go" }> | null> {
  if (!world.repeated) return null;
  const check = await leftToDo(statement, world, input);
  return check.kind === "go" ? null : check;
}

const sqlOf = async <Input>(it: ObjectStatement<Input>, world: DatabaseWorld, input: Input) =>
  (await it.sends?.(world, input)) ?? it.sql(input, world.target);

interface Ready {
  readonly kind: "ready";
  readonly sql: string;
  readonly start: Backend;
}

/** All that comes before the statement. */
async function readied<Input>(
  statement: ObjectStatement<Input>,
  world: DatabaseWorld,
  input: Input,
): Promise<Ready | Run> {
  const sql = await sqlOf(statement, world, input);
  const undo = (await statement.undoes?.(world, input)) ?? null;
  const begun = await findBegun(world, sql);
  if (begun !== null) {
    // As the object is while it still runs: only what differs from that at its end proves anything.
    const mark = (await statement.marks?.(world, input)) ?? null;
    const made = (await statement.makes?.(world, begun)) ?? null;
    return began(
      statement,
      world,
      { ...begun, mark, undo, made, found: true },
      "It was begun before and still runs.",
    );
  }
  const ended = await endedBetween(statement, world, input);
  if (ended !== null) return ended;
  const before = await names(statement, world, input);
  const mark = (await statement.marks?.(world, input)) ?? null;
  const start = { ...(await startingPoint(world)), before, mark, undo };
  await world.session.limit(statement.longestSeconds * 1000);
  await world.session.query(
    { sql: lockLimit(world.target.engine, statement.lockSeconds[world.target.engine]) },
    world.signal,
  );
  const setting = (await statement.setting?.(world, input)) ?? null;
  if (setting !== null) await world.session.query(setting, world.signal);
  return { kind: "ready", sql, start };
}

async function run<Input>(
  statement: ObjectStatement<Input>,
  world: DatabaseWorld,
  input: Input,
): Promise<Run> {
  const ready = await seenBefore(world, () => readied(statement, world, input));
  if (ready.kind !== "ready") return ready;
  const { sql, start } = ready;
  const { before, mark, undo } = start;
  world.note(sentNote(sql));
  const meanwhile = madeMeanwhile(statement, world, start);
  let made: string | null = null;
  try {
    const came = await world.session.begin({ sql }, waitMs, world.signal).finally(async () => {
      made = await meanwhile.stop();
    });
    if (came !== "ended")
      return began(statement, world, { ...start, made }, "It was left to itself: its end is looked for.");
  } catch (error) {
    if (!(error instanceof SqlError)) throw error;
    // The server may never have had it, may be at it still, or have done it: which, only another connection sees.
    if (error.kind === "connection-lost")
      return began(
        statement,
        world,
        { ...start, made },
        `No answer came (${error.message}): what comes of it is looked for.`,
      );
    return gaveUp(statement, world, input, { error, before });
  }
  const verdict = await proved(statement, world, input, { withinSeconds: 60, mark }).catch(unseen);
  const says = `The ${statement.what} has ended.`;
  return { kind: "acted", says, killed: [], undo: await backOf(statement, world, input, undo), verdict };
}

function began<Input>(
  { what, longestSeconds }: ObjectStatement<Input>,
  { clock }: DatabaseWorld,
  handle: Backend,
  how: string,
): Run {
  const until = new Date(clock.now() + longestSeconds * 1000).toISOString();
  return { kind: "began", says: `The ${what} was sent. ${how}`, until, handle, undo: handle.undo };
}

/** An action may have put more in it than what is known here. */
const heldSchema = z.record(z.string(), z.json());

async function follow<Input>(
  statement: ObjectStatement<Input>,
  world: DatabaseWorld,
  input: Input,
  running: Followed,
): Promise<Following> {
  const { handle, startedAt } = running;
  const backend = backendSchema.parse(handle);
  const still = await howFar(world, backend);
  if (still !== null) {
    const made = backend.made ?? (await statement.makes?.(world, backend)) ?? null;
    // While it is at work no look does what comes behind it, a lost one neither.
    const { lostLook: _, ...known } = heldSchema.parse(handle);
    return {
      ...{ kind: "running", says: `The ${statement.what} goes on${still}.` },
      handle: { ...known, made },
    };
  }
  const age = Math.max(0, (world.clock.now() - Date.parse(startedAt)) / 1000);
  const { mark, undo } = backend;
  const leavesTrace = statement.marks === undefined || mark !== null;
  const verdict: Verdict = leavesTrace
    ? await proved(statement, world, input, { withinSeconds: Math.ceil(age) + 60, mark })
    : { kind: "not-verified", says: "What it was like before was not seen." };
  // Neither taken for what was made nor cleared away: it may be a person's.
  const other = (await statement.notOwn?.(world, input, backend.made)) ?? null;
  if (other !== null) return { kind: "ended", verdict: { kind: "not-verified", says: other } };
  if (verdict.kind === "verified")
    return { kind: "ended", verdict, undo: await backOf(statement, world, input, undo) };
  const before = backend.found ? null : backend.before;
  const held = heldBy(running, world.clock.now());
  const left = held === "" ? [] : await ownNames(statement, world, input, before);
  if (left.length > 0) return leftAlone(running, `${verdict.says} It has left ${left.join(", ")}`, held);
  const tidied = await tidy(statement, world, input, { before, mayDrop: held === "" });
  const says = `${verdict.says}${tidied === null ? "" : ` ${tidied}`}`;
  if (!leavesTrace || (backend.found && statement.marks !== undefined)) {
    const unknown = `${says} It was found under way: whether it came to its end before it was looked at, or was cancelled, is not known.`;
    return { kind: "ended", verdict: { kind: "not-verified", says: unknown } };
  }
  return { kind: "failed", says };
}

function leftAlone(running: Followed, says: string, held: string): Following {
  if (!isLeftToPerson(running)) return { kind: "running", says: `${says}, not taken away yet: ${held}` };
  const left = `${says}, which a person takes away: ${running.held}`;
  return { kind: "ended", verdict: { kind: "not-verified", says: left } };
}
