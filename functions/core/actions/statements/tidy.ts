import { SqlError } from "../../errors.ts";
import type { DatabaseWorld } from "../define.ts";
import { dropInvalid } from "./invalid-index.ts";
import type { ObjectStatement } from "./object-statement.ts";

/** Of what it leaves behind, by name. */
export async function names<Input>(
  { leftovers }: ObjectStatement<Input>,
  world: DatabaseWorld,
  input: Input,
): Promise<string[]> {
  return leftovers === undefined ? [] : (await leftovers(world, input)).map(({ name }) => name);
}

/** Only what was not there before. A look that the acting connection may not survive: what it cannot see it leaves. */
export async function tidy<Input>(
  { leftovers }: ObjectStatement<Input>,
  world: DatabaseWorld,
  input: Input,
  before: readonly string[],
): Promise<string | null> {
  if (leftovers === undefined) return null;
  try {
    const left = await leftovers(world, input);
    return await dropInvalid(
      world,
      left.filter(({ name }) => !before.includes(name)),
    );
  } catch (error) {
    if (!(error instanceof SqlError)) throw error;
    return `What it has left behind could not be taken away (${error.message}).`;
  }
}
