import { proposeManual } from "../../actions/propose.ts";
import { backupAge } from "../../context/backup-age.ts";
import { list } from "../../text/wording.ts";
import { defineRule } from "../define.ts";

/** Nobody suffers tonight; whoever has to restore tomorrow will. */
export const backupStale = defineRule({
  id: "backup-stale",
  spec: ["D4", "M5"],
  category: "availability",
  title: "Backups are older than they should be",
  needs: ["DescribeDBSnapshots", "DescribeDBInstances"],
  evaluate: ({ evidence }) => {
    const { context, target } = evidence;
    if (context === null || context === undefined) return [];
    const { stale, retentionDays } = backupAge(context);
    if (stale.length === 0) return [];
    const cluster = target.clusterId;
    const now = evidence.collectedAt.slice(0, 16).replaceAll(/[^0-9]/g, "");
    return [
      {
        subject: "",
        severity: "P3",
        confidence: 0.9,
        summary: `${list(stale).replace(/^./, (first) => first.toUpperCase())}: a restore would lose what came after`,
        evidence: stale.map((says) => ({ source: "backups", says })),
        explains: [],
        actions: [
          proposeManual({
            id: "take-snapshot",
            spec: ["A27"],
            risk: "safe",
            preview:
              cluster === null
                ? `aws rds create-db-snapshot --db-instance-identifier ${target.name} --db-snapshot-identifier ${target.name}-${now}`
                : `aws rds create-db-cluster-snapshot --db-cluster-identifier ${cluster} --db-cluster-snapshot-identifier ${cluster}-${now}`,
            describes: `a snapshot of ${cluster ?? target.name} now`,
            consequence: `Reads the whole volume; on a single-AZ instance I/O pauses for a moment.${retentionDays === 0 ? " Automated backups stay off until their retention is set." : ""}`,
          }),
        ],
      },
    ];
  },
});
