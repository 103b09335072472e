import type { DatabaseWorld } from "../define.ts";
import type { Check } from "../steps.ts";
import { refuse } from "./refuse.ts";
import type { SessionTarget } from "./session-target.ts";
import type { Looks } from "./signals.ts";

/**
 * A rollback leaves rows of other engines than InnoDB as they are: the transaction would be half undone.
 * https://dev.mysql.com/doc/refman/8.4/en/nontransactional-tables.html
 */
export async function notUndoneCheck(
  world: DatabaseWorld,
  input: SessionTarget,
  { askNotUndone }: Pick<Looks, "askNotUndone">,
): Promise<Check | null> {
  if (world.guards.unasked !== true) return null;
  const ask = askNotUndone(input);
  if (ask === null) return null;
  const [row] = await world.session.query(ask, world.signal);
  if (row === undefined) return null;
  return refuse(
    "not-undone",
    `The transaction of session ${input.sessionId} has used ${String(row["table"])} for writing, which is no table of InnoDB: what it wrote there would stay.`,
    "A person decides: they know whether half of it may stand.",
  );
}
