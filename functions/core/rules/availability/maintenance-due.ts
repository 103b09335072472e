import type { Severity } from "../../contract/finding.ts";
import {
  effectOfMaintenance,
  isCertificateRotation,
  type PendingMaintenance,
} from "../../facts/maintenance-actions.ts";
import { daysUntil, selfOf, whenText } from "../../facts/rds-facts.ts";
import type { View } from "../../facts/view.ts";
import { applyInNextWindow } from "../../remedies/aws/maintenance-remedies.ts";
import { defineRule, type FindingDraft } from "../define.ts";

/** On the forced date RDS does it "as soon as possible, regardless of the maintenance window". */
const soonDays = 7;
const maxActions = 5;

export const maintenanceDue = defineRule({
  id: "maintenance-due",
  spec: ["D4", "M2"],
  category: "availability",
  title: "Maintenance is due",
  needs: ["DescribeDBInstances"],
  evaluate: (view) =>
    // While it is being done, maintenance-running tells.
    /^(maintenance|upgrading)$/.test(selfOf(view)?.status ?? "")
      ? []
      : waiting(view).map((pending) => draftOf(view, pending)),
});

function waiting(view: View): readonly PendingMaintenance[] {
  return (
    (view.evidence.context?.topology?.maintenance ?? [])
      // Forced or not, a certificate that runs out is told as one.
      .filter((pending) => !isCertificateRotation(pending) || isForcedSoon(view, pending))
      .slice(0, maxActions)
  );
}

function isForcedSoon(view: View, { forcedAt }: PendingMaintenance): boolean {
  return forcedAt !== null && daysUntil(view, forcedAt) <= soonDays;
}

function draftOf(view: View, pending: PendingMaintenance): FindingDraft {
  const { resource, action, description } = pending;
  return {
    subject: `${resource} ${action}`,
    severity: severityOf(view, pending),
    confidence: 0.9,
    summary: `${action}${description === null ? "" : ` (${description})`} waits for ${resource}: ${dueText(view, pending)}; ${effectOfMaintenance(view, pending)}`,
    evidence: [
      {
        source: "DescribePendingMaintenanceActions",
        says: `${resource}: ${action}, opted in: ${pending.optIn ?? "no"}, applied after ${pending.autoAppliedAfter ?? "no date"}, forced ${pending.forcedAt ?? "no date"}, next ${pending.appliesAt ?? "no date"}`,
      },
    ],
    explains: [],
    actions: applyInNextWindow(view, pending),
  };
}

/** Announced for weeks ahead, or asked for by somebody, is a note. */
function severityOf(view: View, pending: PendingMaintenance): Severity {
  return isForcedSoon(view, pending) ? "P2" : "P3";
}

function dueText(view: View, { forcedAt, autoAppliedAfter, appliesAt }: PendingMaintenance): string {
  if (forcedAt !== null) {
    const next =
      appliesAt === null || appliesAt >= forcedAt ? "" : `, planned for ${whenText(view, appliesAt)}`;
    return `RDS does it by itself, whatever the window, from ${whenText(view, forcedAt)} on${next}`;
  }
  if (appliesAt !== null) return `planned for ${whenText(view, appliesAt)}`;
  return autoAppliedAfter === null
    ? "only when somebody asks for it"
    : `in the first window after ${whenText(view, autoAppliedAfter)}`;
}
