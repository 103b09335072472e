import { SqlError } from "../../errors.ts";
import type { DatabaseWorld } from "../define.ts";
import { dropInvalid } from "./invalid-index.ts";
import type { ObjectStatement } from "./object-statement.ts";
import { quoted } from "./postgres-object.ts";

/** Of what it leaves behind, by name. */
export async function names<Input>(
  { leftovers }: ObjectStatement<Input>,
  world: DatabaseWorld,
  input: Input,
): Promise<string[]> {
  return leftovers === undefined ? [] : (await leftovers(world, input)).map(({ name }) => name);
}

/** Another build's, too, has this ending. */
const ofAnyBuild = /_cc(new|old)\d*$/;

/** Of a leftover, whether the statement is known to have left it. */
function isOwn(name: string, before: readonly string[] | null): boolean {
  return before === null ? !ofAnyBuild.test(name) : !before.includes(name);
}

/** What of its leftovers there is to be taken away. */
export async function ownNames<Input>(
  statement: ObjectStatement<Input>,
  world: DatabaseWorld,
  input: Input,
  before: readonly string[] | null,
): Promise<string[]> {
  return (await names(statement, world, input)).filter((name) => isOwn(name, before));
}

/** Only what was not there before; null: that is not known, and what may be another's is left and named. A look that the acting connection may not survive: what it cannot see it leaves. `mayDrop`: else it only names. */
export async function tidy<Input>(
  { leftovers }: ObjectStatement<Input>,
  world: DatabaseWorld,
  input: Input,
  { before, mayDrop }: { readonly before: readonly string[] | null; readonly mayDrop: boolean },
): Promise<string | null> {
  if (leftovers === undefined) return null;
  try {
    const left = await leftovers(world, input);
    const own = left.filter(({ name }) => isOwn(name, before));
    const dropped = mayDrop ? await dropInvalid(world, own) : null;
    const kept = before === null ? left.filter((one) => !own.includes(one)).map(quoted) : [];
    if (kept.length === 0) return dropped;
    const says = `Invalid and left alone, since whose it is is not known: ${kept.join(", ")}. A person drops it.`;
    return dropped === null ? says : `${dropped} ${says}`;
  } catch (error) {
    if (!(error instanceof SqlError)) throw error;
    return `What it has left behind could not be taken away (${error.message}).`;
  }
}
