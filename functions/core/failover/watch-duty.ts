import type { Duty } from "../contract/failover.ts";
import { type FailoverTopology, nodeOf } from "../contract/failover-topology.ts";

export type DutyStep =
  /** It takes writes: fenced before anything else, and people are told. */
  | { readonly is: "fence"; readonly node: string; readonly tell: string }
  | { readonly is: "watch"; readonly says: string }
  | { readonly is: "over"; readonly says: string };

/** What the sweeper does about an old primary after the run has ended. */
export function keepWatch({ node: id }: Duty, topology: FailoverTopology | null): DutyStep {
  if (topology === null) return { is: "watch", says: "RDS does not answer" };
  const node = nodeOf(topology, id);
  if (node === null) return { is: "over", says: `${id} is gone` };
  if (node.replicaOf !== null) return { is: "over", says: `${id} is a replica now` };
  const { look } = node;
  if (look?.reachable !== true) return { is: "watch", says: `${id} does not answer` };
  if (look.writable === false) return { is: "watch", says: `${id} is fenced` };
  const took = look.writable === null ? "may take writes" : "takes writes";
  return { is: "fence", node: id, tell: `${id}, the old primary, is back and ${took}: it is fenced again.` };
}
