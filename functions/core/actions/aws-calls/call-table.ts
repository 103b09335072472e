import type { TopologyKind } from "../../contract/topology.ts";
import { auroraCalls, serverlessCalls } from "./aurora-calls.ts";
import type { CallPurpose, CallRow, CallRows, NoCall } from "./call-row.ts";
import { instanceCalls } from "./instance-calls.ts";
import { multiAzClusterCalls } from "./multi-az-cluster-calls.ts";

/**
 * One row for each purpose and kind, so that no remedy writes a command of its own. The members of a global database
 * are changed one cluster at a time like any other Aurora cluster, each in its own Region.
 */
const table: Readonly<Record<TopologyKind, CallRows>> = {
  "rds-instance": instanceCalls,
  "multi-az-instance": instanceCalls,
  "read-replica": instanceCalls,
  "multi-az-cluster": multiAzClusterCalls,
  "aurora-provisioned": auroraCalls,
  "aurora-serverless-v2": serverlessCalls,
  "aurora-global": auroraCalls,
};

/** `serverless`: its class is db.serverless, which the kind of a member of a global database does not tell. */
export function callRow(kind: TopologyKind, purpose: CallPurpose, serverless: boolean): CallRow | NoCall {
  return kind === "aurora-global" && serverless ? serverlessCalls[purpose] : table[kind][purpose];
}
