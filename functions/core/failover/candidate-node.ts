import type { FailoverRun } from "../contract/failover.ts";
import { type FailoverTopology, type Node, nodeOf } from "../contract/failover-topology.ts";
import { mayHaveHappened, noted } from "./turn.ts";

/** Whom the call was for, by whatever name; null: nobody was called for, or the group has it under none. */
export function candidateNode(run: FailoverRun, topology: FailoverTopology): Node | null {
  const { candidate, candidateResource: resource } = run;
  const named = nodeOf(topology, candidate);
  if (resource === null || !mayHaveHappened(run, "execute")) return named;
  if (named !== null && (named.resourceId ?? resource) === resource) return named;
  return topology.nodes.find(({ resourceId }) => resourceId === resource) ?? null;
}

/** Behind a call whom people renamed is promoted all the same: it is gone on with under the name that it has now. */
export function renamedSince(run: FailoverRun, topology: FailoverTopology | null): FailoverRun {
  const now = topology === null ? null : candidateNode(run, topology);
  if (now === null || run.candidate === null || now.id === run.candidate) return run;
  return noted({ ...run, candidate: now.id }, `${run.candidate} is called ${now.id} by now.`);
}
