import { mostFrequent } from "../text/most-frequent.ts";
import { statementText } from "../text/wording.ts";
import type { LockGraph, LockMember } from "./lock-graph.ts";

/** What most of those directly behind wait to do; null where none of their statements is seen. */
export function waitingStatement({ children }: LockGraph, { key }: LockMember): string | null {
  const statements = (children.get(key) ?? []).flatMap(
    ({ session }) => statementText(session?.query ?? null) ?? [],
  );
  return mostFrequent(statements)[0]?.text ?? null;
}
