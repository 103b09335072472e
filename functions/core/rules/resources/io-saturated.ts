import { ioPressure } from "../../facts/io-pressure.ts";
import { fromOutside } from "../../facts/rds-facts.ts";
import { ownReplication } from "../../facts/replica-facts.ts";
import { workloadEvidence } from "../../facts/workload.ts";
import { relieveStorage } from "../../remedies/aws/storage-performance.ts";
import { sentenceCase } from "../../text/sentence-case.ts";
import { defineRule } from "../define.ts";

export const ioSaturated = defineRule({
  id: "io-saturated",
  spec: ["D4", "M1"],
  category: "resources",
  title: "Storage does not keep up",
  needs: ["ReadLatency", "WriteLatency", "ReadIOPS", "WriteIOPS", "DiskQueueDepth", "postgres-wait-profile"],
  evaluate: (view) => {
    const pressure = ioPressure(view);
    if (pressure === null) return [];
    return [
      {
        subject: "",
        severity: pressure.severity,
        confidence: fromOutside(view, pressure.confidence),
        summary: `${sentenceCase(pressure.says)}${pressure.usual ? ", as usual at this time" : ""}`,
        evidence: [...pressure.evidence, ...workloadEvidence(view)],
        // A replica that is too busy applies too slowly.
        explains:
          pressure.severity !== "P3" && ownReplication(view).length > 0
            ? [{ cause: "replication-lag", subject: "", because: "the replica has no room left to apply" }]
            : [],
        actions: pressure.severity === "P3" ? [] : relieveStorage(view, pressure.sign),
      },
    ];
  },
});
