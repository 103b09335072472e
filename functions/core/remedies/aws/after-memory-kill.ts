import type { ProposedAction } from "../../contract/finding.ts";
import { runsServerless } from "../../facts/database-kind.ts";
import { lowMemory } from "../../facts/memory.ts";
import type { SetBefore } from "../../facts/session-buffers.ts";
import type { View } from "../../facts/view.ts";
import { scaleInstanceClass, withheldClass } from "./class-remedies.ts";

const firstSee =
  "First see what took the memory: caches that somebody raised, buffers of each session by how many sessions use them, then the limit of connections.";

/**
 * For a server that was killed for memory: the restart has given it back. A larger class is one more outage, and that it would hold what took the memory is not
 * proved (SPEC D11) before it is short again, or was time and again.
 */
export function afterMemoryKill(
  view: View,
  { looping, set }: { readonly looping: boolean; readonly set: SetBefore | null },
): readonly ProposedAction[] {
  if (set !== null)
    return withheldClass(
      view,
      `${set.says}; first ${set.raised ? "take that back" : "set it lower"}, which needs no restart`,
    );
  const memory = lowMemory(view);
  // More capacity of Serverless v2 takes nobody down.
  if (looping || (memory?.low ?? false) || runsServerless(view)) return scaleInstanceClass(view, firstSee);
  const now =
    memory === null
      ? "whether memory is still short could not be seen"
      : "the restart has given the memory back";
  return withheldClass(
    view,
    `${now}, and a change of the class takes the database down once more. ${firstSee} A larger class comes after that, or when it happens again`,
  );
}
