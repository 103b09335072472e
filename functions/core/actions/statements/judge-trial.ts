import { SqlError } from "../../errors.ts";
import type { DatabaseWorld } from "../define.ts";
import type { TakesBack, Verdict } from "../steps.ts";
import { isStill, readBuilt } from "./built-index.ts";
import { takenBack } from "./existing-index.ts";
import type { IndexInput } from "./index-definition.ts";
import { lockLimit } from "./lock-limit.ts";
import { type Measure, measured, pays, textOf } from "./measure-statement.ts";
import { patient } from "./object-statement.ts";
import { doesMoreThanRead } from "./trial-functions.ts";
import { dropTried, giveToAll, seeHidden, shownFirst } from "./tried-index.ts";

interface Tried extends IndexInput {
  readonly statement: string;
  readonly gainPercent: number;
}

interface Judged {
  readonly verdict: Verdict;
  readonly undo: TakesBack;
}

export const notTried = "The statement was not tried: what it calls has changed, and may do more than read.";

/** The same statement again; kept when it pays, dropped when not, and what it did either way. */
export async function judged(
  world: DatabaseWorld,
  input: Tried,
  {
    before,
    isOwn,
    made,
  }: { readonly before: Measure; readonly isOwn: boolean; readonly made: string | null },
): Promise<Judged> {
  const { session, signal, target } = world;
  const limit = { sql: lockLimit(target.engine, patient[target.engine]) };
  // Nothing may hide that it was built: what cannot be read has no way back.
  const built = await readBuilt(world, input, made).catch(() => null);
  const undo = takenBack(world, built);
  let is = "The index is there";
  try {
    const more = await doesMoreThanRead(world, input.statement);
    if (more !== null)
      return { verdict: { kind: "not-verified", says: `The index is there. ${notTried}` }, undo };
    await shownFirst(world, input);
    await seeHidden(world);
    const after = await measured(world, input.statement);
    const told = `Before: ${textOf(before)}; after: ${textOf(after)}.`;
    await session.limit(3_600_000);
    await session.query(limit, signal);
    if (built === null || !(await isStill(world, built)))
      return { verdict: { kind: "not-verified", says: `${told} ${another}` }, undo: null };
    if (pays(before, after, input.gainPercent)) {
      await giveToAll(world, input);
      return { verdict: { kind: "verified", says: `${told} It pays, and stays.` }, undo };
    }
    const less = `${told} It does not pay by ${input.gainPercent} %`;
    if (!isOwn)
      return { verdict: { kind: "not-verified", says: `${less}, and was not dropped: ${notSure}` }, undo };
    is = "Whether the index is still there is not known";
    await dropTried(world, input);
    return { verdict: { kind: "verified", says: `${less}: it was dropped again.` }, undo: null };
  } catch (error) {
    if (!(error instanceof SqlError)) throw error;
    const says = `${is}, and the trial could not be ended (${error.message}): a person drops it or keeps it.`;
    return { verdict: { kind: "not-verified", says }, undo };
  }
}

const another =
  "The index of that name is not known to be the one that was built any more: it is left as it is, and a person looks.";
const notSure =
  "its build was not seen to its end, and somebody may have made one like it. A person drops it, or keeps it.";
