import type { DatabaseWorld } from "../define.ts";
import { askedFirst, refuse } from "../signals/refuse.ts";
import type { Check } from "../steps.ts";
import type { ObjectStatement } from "./object-statement.ts";

/** What there is to do, for a later attempt at one order by what it finds of an earlier one, too. */
export async function leftToDo<Input>(
  statement: ObjectStatement<Input>,
  world: DatabaseWorld,
  input: Input,
): Promise<Check> {
  const check = (await doneBefore(statement, world, input)) ?? (await foundDone(statement, world, input));
  return (check.kind === "go" ? await setBack(statement, world, input, check.says) : null) ?? check;
}

/** As it was before: the earlier attempt was never carried out, or a person has taken it back. Null: it may be sent. */
async function setBack<Input>(
  { what, isUntouched, halfDone }: ObjectStatement<Input>,
  world: DatabaseWorld,
  input: Input,
  says: string,
): Promise<Check | null> {
  if (!world.repeated || isUntouched === undefined) return null;
  // Nobody has set back what is half done.
  if (((await halfDone?.(world, input)) ?? null) !== null) return null;
  if (isUntouched !== "by-nothing" && (await isUntouched(world, input))) return null;
  return refuse(
    "maybe-set-back",
    `${says} An earlier attempt at this order, that ended without an answer, may have done the ${what}, and somebody may have set it back since.`,
    askedFirst,
  );
}

/** Who has done what is found done is not seen; the button stays, for whoever knows that it was this order. */
async function foundDone<Input>(
  statement: ObjectStatement<Input>,
  world: DatabaseWorld,
  input: Input,
): Promise<Check> {
  const check = await statement.check(world, input);
  if (!world.repeated || check.kind !== "already-done" || check.unproved === true) return check;
  const undo = (await statement.undoesFound?.(world, input)) ?? null;
  const says = `${check.says} An earlier attempt at this order, that ended without an answer, may have done it, or somebody else.`;
  return { ...check, says, undo };
}

/** By an attempt at this very order that died. */
async function doneBefore<Input>(
  { what, foundAgain, proves }: ObjectStatement<Input>,
  world: DatabaseWorld,
  input: Input,
): Promise<Check | null> {
  if (!world.repeated || foundAgain === undefined) return null;
  const before = "An earlier attempt at this order ended without an answer";
  if (foundAgain === "by-nothing") {
    const says = `${before}. Whether it has done the ${what} leaves no trace: nothing was sent again; the next look proposes it if it is still called for.`;
    return { kind: "already-done", says, unproved: true };
  }
  const age = Math.ceil((world.clock.now() - world.orderedAt) / 1000);
  const verdict = await proves(world, input, age, null);
  return verdict.kind === "verified"
    ? {
        kind: "already-done",
        says: `${before}. Since this was ordered it was done, by that attempt or by somebody else. ${verdict.says}`,
      }
    : null;
}
