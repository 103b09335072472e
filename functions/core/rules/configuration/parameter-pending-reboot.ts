import { selfOf } from "../../facts/rds-facts.ts";
import type { View } from "../../facts/view.ts";
import { postgresSettingsRows } from "../../probes/postgres/settings-rows.ts";
import { rebootInstance } from "../../remedies/aws/restart-remedies.ts";
import { list, plural } from "../../text/wording.ts";
import { defineRule } from "../define.ts";

export const parameterPendingReboot = defineRule({
  id: "parameter-pending-reboot",
  spec: ["D4", "M2", "P15"],
  category: "configuration",
  title: "Changed parameters wait for a reboot",
  needs: ["DescribeDBInstances", "postgres-settings"],
  evaluate: (view) => {
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
        actions: rebootInstance(view),
      },
    ];
  },
});

function waitingGroups(view: View): readonly string[] {
  const self = selfOf(view);
  const own = (self?.parameterGroups ?? [])
    .filter(({ status }) => status === "pending-reboot" || status === "failed-to-apply")
    .map(({ name, status }) => `parameter group ${name} is ${status ?? "unknown"}`);
  const cluster = self?.clusterParameterStatus ?? null;
  const shared = cluster === "pending-reboot" ? [`the cluster's parameter group is ${cluster}`] : [];
  return [...own, ...shared].toSorted();
}
