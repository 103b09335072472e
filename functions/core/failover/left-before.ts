import type { Ending, FailoverRun } from "../contract/failover.ts";
import { type Node, nodeOf } from "../contract/failover-topology.ts";
import { describeCommand, goneCommand, resourceCommand } from "./commands.ts";
import { needsFence } from "./methods.ts";
import type { Sight } from "./turn.ts";

/**
 * The primary is whom a failover before left, the last one or an earlier one, and that one ended done: its clients are
 * with another one, which RDS does not show here any more. Null where it is not; and where people were told that it is
 * left as the primary, or took it over themselves: then they serve from it by their own will.
 */
export function leftBefore(
  { id }: FailoverRun,
  { topology, earlier = [] }: Sight,
): Omit<Ending, "phase"> | null {
  const node = nodeOf(topology, topology.primary);
  const by = node === null ? undefined : earlier.find((one) => one.id !== id && hasLeft(one, node));
  if (node === null || by === undefined) return null;
  const to = by.candidate ?? "another one";
  const says = `left-before: ${node.id} was left by failover ${by.id}, which ended done: clients went to ${to}, and RDS does not show that as the primary of this group (renamed, deleted, or out of sight).`;
  const release = `It is not to be overridden. Where ${to} is gone for good and ${node.id} goes on in its place, ${goneCommand(by)} says so, and ends the watch over it.`;
  return {
    status: "held",
    says: `Nothing was promoted. ${says} ${release}`,
    nextCommand: by.candidateResource === null ? describeCommand(to) : resourceCommand(by.candidateResource),
  };
}

/** It ended done, and nobody has said since that the one it left may be the primary again. */
function hasLeft(run: FailoverRun, node: Node): boolean {
  const { ending, method, duties, staysAt } = run;
  const isWatched = staysAt === null && duties.some(({ toldAt }) => toldAt === undefined);
  return ending?.status === "done" && needsFence(method) && isWatched && isOld(run, node);
}

function isOld({ oldPrimary, oldResource }: FailoverRun, { id, resourceId = null }: Node): boolean {
  return oldResource === null || resourceId === null ? id === oldPrimary : resourceId === oldResource;
}
