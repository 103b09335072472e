import { othersOf } from "../../facts/rds-facts.ts";
import { storageTold } from "../../facts/storage-told.ts";
import type { View } from "../../facts/view.ts";
import type { FindingDraft } from "../define.ts";

/**
 * RDS's words on the volume of another member: a replica that is full applies nothing, and its source keeps for it
 * what it cannot take. On Aurora all share one volume.
 */
export function replicaStorageDrafts(view: View): readonly FindingDraft[] {
  if (view.evidence.target.flavour === "aurora") return [];
  return othersOf(view).flatMap(({ id, role }): readonly FindingDraft[] => {
    const told = storageTold(view, id);
    if (told === null) return [];
    const full = told.effect === "full";
    const because = "it has no space to write what it receives";
    return [
      {
        subject: id,
        severity: full && role !== "writer" ? "P2" : full ? "P1" : "P3",
        confidence: 0.7,
        summary: `Storage of ${role === "writer" ? "the source" : "replica"} ${id}: RDS said ${told.minutes} min ago: ${told.message}`,
        evidence: [{ source: "DescribeEvents", says: `${told.at} ${told.message}` }],
        explains: full
          ? [
              { cause: "replication-stopped", subject: id, because },
              { cause: "replication-lag", subject: id, because },
              { cause: "reader-down", subject: id, because: "RDS stops an instance whose storage is full" },
              { cause: "wal-retained-by-slot", because: "the source keeps what it cannot take" },
            ]
          : [],
        actions: [],
      },
    ];
  });
}
