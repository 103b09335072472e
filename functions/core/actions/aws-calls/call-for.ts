import type { Target } from "../../contract/target.ts";
import type { TopologyKind } from "../../contract/topology.ts";
import { type AwsCall, type CallInput, stepText } from "../../text/aws-call.ts";
import type { CallPurpose, CallRow } from "./call-row.ts";
import { callRow } from "./call-table.ts";

/** The row of the table for this target, with the name of what it changes; else why there is none. */
export type RowFor =
  | { readonly is: "row"; readonly row: CallRow; readonly name: string }
  | { readonly is: "none"; readonly because: string };

/**
 * By the target alone, as the order carries it. Neither a standby, a replica nor a global database changes which call it
 * is. An account is known of what RDS has described, and only of that it is known whether it lies in a cluster.
 */
export function rowFor(target: Target, purpose: CallPurpose, group: string | null = null): RowFor {
  const kind = kindOf(target);
  if (kind === null) return { is: "none", because: `RDS has not described ${target.name}` };
  const row = callRow(kind, purpose, target.instanceClass === "db.serverless");
  if ("none" in row) return { is: "none", because: row.none };
  const name = row.whose === "instance" ? target.name : row.whose === "cluster" ? target.clusterId : group;
  return name === null
    ? { is: "none", because: `the name of the ${row.whose} is not known` }
    : { is: "row", row, name };
}

function kindOf({ flavour, accountId, clusterId, instanceClass }: Target): TopologyKind | null {
  if (flavour === "self-managed" || accountId === null) return null;
  if (flavour === "aurora") {
    return instanceClass === "db.serverless" ? "aurora-serverless-v2" : "aurora-provisioned";
  }
  return clusterId === null ? "rds-instance" : "multi-az-cluster";
}

export function callOn({ row, name }: Extract<RowFor, { is: "row" }>, input: CallInput): AwsCall {
  return { operation: row.operation, input: { [row.names]: name, ...input } };
}

/** What a person is shown, and what is sent: the same call. */
export function callPreview(target: Target, call: AwsCall | string): string {
  return typeof call === "string" ? `# No call is shown: ${call}.` : stepText(call, target.region);
}
