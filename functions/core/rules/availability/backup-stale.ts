import { backupAge } from "../../context/backup-age.ts";
import { takeSnapshot } from "../../remedies/aws/copy-remedies.ts";
import { list } from "../../text/wording.ts";
import { defineRule } from "../define.ts";

/** Nobody suffers tonight; whoever has to restore tomorrow will. */
export const backupStale = defineRule({
  id: "backup-stale",
  spec: ["D4", "M5"],
  category: "availability",
  nature: "chronic",
  title: "Backups are older than they should be",
  needs: ["DescribeDBSnapshots", "DescribeDBInstances"],
  evaluate: (view) => {
    const { context } = view.evidence;
    if (context === null || context === undefined) return [];
    const { stale, retentionDays } = backupAge(context);
    if (stale.length === 0) return [];
    return [
      {
        subject: "",
        severity: "P3",
        confidence: 0.9,
        summary: `${list(stale).replace(/^./, (first) => first.toUpperCase())}: a restore would lose what came after`,
        evidence: stale.map((says) => ({ source: "backups", says })),
        explains: [],
        actions: [takeSnapshot(view, retentionDays)],
      },
    ];
  },
});
