import type { Node } from "../../contract/failover-topology.ts";
import { type Facts, type Veto, withCandidate } from "./veto.ts";

export const unseen = "could not be seen";

/** A row about the candidate; a candidate that nobody sees is itself a reason. */
export function aboutCandidate(
  row: Pick<Veto, "name" | "protects" | "needs" | "overridable" | "release"> & Partial<Pick<Veto, "of">>,
  stands: (candidate: Node, facts: Facts) => string | null,
): Veto {
  return {
    of: withCandidate,
    lasting: true,
    ...row,
    stands: (facts) =>
      facts.candidate === null ? `${facts.candidateId} ${unseen}` : stands(facts.candidate, facts),
  };
}
