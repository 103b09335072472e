import type { DatabaseRef } from "../../contract/signal.ts";

/** Without its Region the name may be that of another database here. Absent: the responder's own. */
export type NodeRef = DatabaseRef & { readonly region?: string };

/** A cluster of a global database stands for a node by its ARN, and means its writer. */
export function refOf(node: string): NodeRef {
  const [arn, , , region, , kind = "", id] = node.split(":");
  if (arn !== "arn" || region === undefined || id === undefined) return { kind: "instance", id: node };
  return { kind: kind === "cluster" ? "cluster" : "instance", id, region };
}
