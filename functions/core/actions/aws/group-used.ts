import type { Changeable } from "../../change-ports.ts";
import type { Following, TakesBack } from "../steps.ts";

const next = ({ kind, id }: Pick<Changeable, "kind" | "id">) =>
  kind === "instance"
    ? `Next: aws rds describe-db-instances --db-instance-identifier ${id} --query DBInstances[].DBParameterGroups`
    : `Next: aws rds describe-db-clusters --db-cluster-identifier ${id} --query DBClusters[].DBClusterMembers`;

/** Five minutes are what AWS asks for between the making of a group and its first use by an engine that starts. */
const restarts =
  "Its values count after a restart, which is a decision of its own (reboot-instance, of a cluster for each of its instances), and not sooner than five minutes after the group was made";

/** How far an instance has come with a group that it was given; null: it does not use it. */
export function groupUsed(
  { kind, id, parameterGroups }: Changeable,
  group: { readonly name: string; readonly holds: string },
  undo: TakesBack,
): Following | null {
  const own = parameterGroups.find(({ name }) => name === group.name);
  if (own === undefined) return null;
  const told = `${id} uses the parameter group ${group.name}${group.holds}, and is ${own.status ?? "not told to be in sync"} with it`;
  switch (own.status) {
    case "pending-reboot":
      return { kind: "ended", verdict: { kind: "verified", says: `${told}. ${restarts}.` }, undo };
    case "in-sync":
      return { kind: "ended", verdict: { kind: "verified", says: `${told}.` }, undo };
    case "failed-to-apply":
      return { kind: "failed", says: `${told}. ${next({ kind, id })}`, undo };
    default:
      return { kind: "running", says: `${told}.`, undo };
  }
}

/** Back to the group of before, or there again. What was made stays: an unused group costs nothing. */
export function toGroup({ kind, id, resourceId }: Changeable, from: string, to: string): TakesBack {
  const of = { of: id, resourceId: kind === "instance" ? resourceId : null };
  return { actionId: "use-parameter-group", input: { ...of, level: kind, from, to } };
}
