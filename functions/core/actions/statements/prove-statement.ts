import { messageOf } from "../../errors.ts";
import type { DatabaseWorld } from "../define.ts";
import type { TakesBack, Verdict } from "../steps.ts";
import { waitFor } from "../wait-for.ts";
import type { ObjectStatement } from "./object-statement.ts";

const proofMs = 3000;

/** What cannot be read has no way back: nothing may hide that it has acted. */
export async function backOf<Input>(
  { undoes, undoesFound }: ObjectStatement<Input>,
  world: DatabaseWorld,
  input: Input,
  before: TakesBack,
): Promise<TakesBack> {
  if (undoes !== undefined || undoesFound === undefined) return before;
  return undoesFound(world, input).catch(() => null);
}

/** Nothing may hide that it has acted. */
export function unseen(error: unknown): Verdict {
  return { kind: "not-verified", says: `Its effect could not be looked for (${messageOf(error)}).` };
}

export async function proved<Input>(
  statement: ObjectStatement<Input>,
  world: DatabaseWorld,
  input: Input,
  { withinSeconds, mark }: { readonly withinSeconds: number; readonly mark: string | null },
): Promise<Verdict> {
  let last: Verdict = { kind: "not-verified", says: "Its effect was not looked for." };
  const good = await waitFor(world, proofMs, async () => {
    last = await statement.proves(world, input, withinSeconds, mark);
    return last.kind === "verified" ? last : null;
  });
  return good ?? last;
}
