import { explainsNoAnswer } from "../../facts/no-answer.ts";
import { fromOutside } from "../../facts/rds-facts.ts";
import type { View } from "../../facts/view.ts";
import { writeStall as stallOf } from "../../facts/write-stall.ts";
import { sentenceCase } from "../../text/sentence-case.ts";
import type { FindingDraft } from "../define.ts";

/** Not idleness: what is written waits. Full storage and used-up credits explain it, as those findings say. */
export function storageStallDrafts(view: View): readonly FindingDraft[] {
  const stall = stallOf(view);
  if (stall === null) return [];
  return [
    {
      subject: "",
      severity: stall.severity,
      confidence: fromOutside(view, 0.85),
      summary: `${sentenceCase(stall.says)}; who waits for a commit waits for that`,
      evidence: stall.evidence,
      explains: [
        { cause: "io-saturated", because: "what waits is not done" },
        { cause: "replication-lag", because: "what a source cannot write, or a replica, is not applied" },
        ...(stall.severity === "P1"
          ? explainsNoAnswer(view, "a server whose writes wait answers nobody")
          : []),
      ],
      actions: [],
    },
  ];
}
