import { startFailoverOffer } from "../../actions/aws/start-failover.ts";
import { propose } from "../../actions/propose.ts";
import type { ProposedAction } from "../../contract/finding.ts";
import { clusterIdOf, databaseKind } from "../../facts/database-kind.ts";
import { isFailingOver } from "../../facts/failover-events.ts";
import type { View } from "../../facts/view.ts";

/**
 * A31, where RDS shows somebody who could take over. Whether the primary is really down, who is fit and what would be lost
 * the failover checks for itself, and does nothing where a veto stands. None while RDS carries out its own: a second one
 * would cut short the one that ends the outage.
 */
export function failOver(view: View, reason: string): readonly ProposedAction[] {
  const { target } = view.evidence;
  const says = consequenceOf(view);
  if (target.accountId === null || target.role !== "writer" || says === null || isFailingOver(view))
    return [];
  const input = { database: clusterIdOf(view) ?? target.name, reason: reason.slice(0, 300) };
  return [propose(startFailoverOffer, input, target, { consequence: says, frees: null })];
}

/** Null: nobody is there to take over, as far as RDS shows. */
function consequenceOf(view: View): string | null {
  const members = (view.evidence.context?.topology?.members ?? []).filter(({ here }) => here);
  const readers = members.filter(({ role }) => role === "reader").length;
  const replicas = members.filter(({ role }) => role === "replica").length;
  const checks = "Every check first, and nothing where one says no. Every connection is cut";
  const kind = databaseKind(view);
  switch (kind) {
    case "multi-az-instance":
      return `${checks}; its standby takes over within one to two minutes, and nothing is lost.`;
    case "multi-az-cluster":
    case "aurora-provisioned":
    case "aurora-serverless-v2":
      return readers === 0
        ? null
        : `${checks}; a reader takes over within a minute or so, and nothing is lost.`;
    case "rds-instance":
      return replicas === 0
        ? null
        : `${checks}; the primary is fenced, a replica is promoted for good within minutes. What it has not received is lost, and said.`;
    // Of a global database the Region would change, with loss: a person names that.
    case "aurora-global":
    // A replica of another: its primary is the one to be looked at.
    case "read-replica":
    case null:
      return null;
    default:
      return kind satisfies never;
  }
}
