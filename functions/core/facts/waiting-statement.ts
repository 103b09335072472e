import { compare } from "../text/compare.ts";
import { statementText } from "../text/wording.ts";
import type { LockGraph, LockMember } from "./lock-graph.ts";

/** What most of those directly behind wait to do; null where none of their statements is seen. */
export function waitingStatement({ children }: LockGraph, { key }: LockMember): string | null {
  const statements = (children.get(key) ?? []).flatMap(
    ({ session }) => statementText(session?.query ?? null) ?? [],
  );
  const [most] = [...Map.groupBy(statements, (text) => text)].toSorted(
    ([a, first], [b, second]) => second.length - first.length || compare(a, b),
  );
  return most?.[0] ?? null;
}
