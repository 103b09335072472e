import { selfOf } from "../../facts/rds-facts.ts";
import type { View } from "../../facts/view.ts";
import { postgresSettingsRows } from "../../probes/postgres/settings-rows.ts";
import { rebootInstance } from "../../remedies/aws/restart-remedies.ts";
import { list, plural } from "../../text/wording.ts";
import { defineRule, type FindingDraft } from "../define.ts";

export const parameterPendingReboot = defineRule({
  id: "parameter-pending-reboot",
  spec: ["D4", "M2", "P15"],
  category: "configuration",
  title: "Changed parameters wait for a reboot",
  needs: ["DescribeDBInstances", "postgres-settings"],
  evaluate: (view) => [...refusedDrafts(view), ...waitingDraft(view)],
});

/**
 * A value that RDS could not apply is wrong, and no reboot mends it: the next start may end in
 * incompatible-parameters, with nobody able to connect. Which value it is, no call tells.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Troubleshooting.html
 */
function refusedDrafts(view: View): readonly FindingDraft[] {
  return refusedGroups(view).map((name) => ({
    subject: name,
    severity: "P3",
    confidence: 0.9,
    summary: `A value in parameter group ${name} could not be applied (failed-to-apply): correct the value; until then do not reboot, the database may not start with it`,
    evidence: [{ source: "DescribeDBInstances", says: `parameter group ${name} is failed-to-apply` }],
    explains: [],
    actions: [],
  }));
}

function refusedGroups(view: View): readonly string[] {
  return (selfOf(view)?.parameterGroups ?? [])
    .filter(({ status }) => status === "failed-to-apply")
    .map(({ name }) => name)
    .toSorted();
}

function waitingDraft(view: View): readonly FindingDraft[] {
  const groups = waitingGroups(view);
  const settings = (view.rows(postgresSettingsRows) ?? [])
    .filter(({ pendingRestart }) => pendingRestart)
    .map(({ name }) => name)
    .toSorted();
  if (groups.length === 0 && settings.length === 0) return [];
  const names = settings.length === 0 ? "" : `: ${list(settings)}`;
  const where = groups.length === 0 ? "" : ` (${list(groups)})`;
  const what =
    settings.length === 0
      ? "Changed parameters wait"
      : `${plural(settings.length, "changed parameter waits", "changed parameters wait")}`;
  return [
    {
      subject: "",
      severity: "P3",
      confidence: 0.95,
      summary: `${what} for a reboot${names}${where}; until then the old values count, and any restart brings the new ones`,
      evidence: [
        ...groups.map((says) => ({ source: "DescribeDBInstances", says })),
        ...settings.map((name) => ({ source: postgresSettingsRows.id, says: `${name} is pending` })),
      ],
      explains: [],
      // With a value that could not be applied a reboot may be the last thing that it does.
      actions: refusedGroups(view).length > 0 ? [] : rebootInstance(view),
    },
  ];
}

function waitingGroups(view: View): readonly string[] {
  const self = selfOf(view);
  const own = (self?.parameterGroups ?? [])
    .filter(({ status }) => status === "pending-reboot")
    .map(({ name, status }) => `parameter group ${name} is ${status ?? "unknown"}`);
  const cluster = self?.clusterParameterStatus ?? null;
  const shared = cluster === "pending-reboot" ? [`the cluster's parameter group is ${cluster}`] : [];
  return [...own, ...shared].toSorted();
}
