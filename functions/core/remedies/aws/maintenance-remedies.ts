import type { ProposedAction } from "../../contract/finding.ts";
import { arnOf, effectOfMaintenance, type PendingMaintenance } from "../../facts/maintenance-actions.ts";
import type { View } from "../../facts/view.ts";
import { type AwsRemedy, askTable, callOf, showCalls, withholdCall } from "./aws-proposal.ts";

/**
 * In the next maintenance window, which people know, rather than on the forced date, which keeps to none.
 * https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ApplyPendingMaintenanceAction.html
 */
export function applyInNextWindow(view: View, pending: PendingMaintenance): readonly ProposedAction[] {
  // It is asked for already, and "immediate" cannot be taken back.
  if (pending.optIn !== null && pending.optIn !== "undo-opt-in") return [];
  const asked = askTable(view, "apply-maintenance", arnOf(view, pending.resource));
  if (asked.is === "none") return [];
  const remedy = {
    id: "apply-maintenance",
    spec: ["M2"],
    risk: "disruptive",
    describes: `apply ${pending.action} to ${pending.resource} in its next maintenance window`,
    consequence: `Then ${effectOfMaintenance(view, pending)}. Until it begins it is taken back with --opt-in-type undo-opt-in.`,
  } satisfies AwsRemedy;
  return [
    asked.is === "unknown"
      ? withholdCall(remedy, asked.because)
      : showCalls(view, remedy, [
          callOf(asked, { ApplyAction: pending.action, OptInType: "next-maintenance" }),
        ]),
  ];
}
