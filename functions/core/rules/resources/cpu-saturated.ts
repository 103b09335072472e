import { cpuPressure } from "../../facts/cpu-pressure.ts";
import { classTooEarly } from "../../facts/cpu-takers.ts";
import { waitsEvidence } from "../../facts/insights.ts";
import { fromOutside } from "../../facts/rds-facts.ts";
import { ownReplication } from "../../facts/replica-facts.ts";
import { isOutrun } from "../../facts/source-writes.ts";
import { workloadEvidence } from "../../facts/workload.ts";
import { scaleInstanceClass, withheldClass } from "../../remedies/aws/class-remedies.ts";
import { sentenceCase } from "../../text/sentence-case.ts";
import { defineRule } from "../define.ts";

/** A symptom whenever something inside takes the time; those findings say so themselves. */
export const cpuSaturated = defineRule({
  id: "cpu-saturated",
  spec: ["D4", "M1"],
  category: "resources",
  title: "The CPU has no room left",
  needs: ["CPUUtilization", "DBLoadCPU", "postgres-wait-profile", "mysql-wait-profile"],
  evaluate: (view) => {
    const pressure = cpuPressure(view);
    if (pressure === null) return [];
    const tooEarly = classTooEarly(view);
    return [
      {
        subject: "",
        severity: pressure.severity,
        confidence: fromOutside(view, pressure.confidence),
        summary: `${sentenceCase(pressure.says)}${pressure.usual ? ", so it is as busy as usual" : ""}`,
        evidence: [...pressure.evidence, ...workloadEvidence(view), ...waitsEvidence(view)],
        // A replica that is too busy applies too slowly; one that is outrun is busy because of that.
        explains:
          pressure.severity !== "P3" && ownReplication(view).length > 0 && !isOutrun(view)
            ? [{ cause: "replication-lag", subject: "", because: "the replica has no room left to apply" }]
            : [],
        actions:
          pressure.severity === "P3"
            ? []
            : tooEarly === null
              ? scaleInstanceClass(view)
              : withheldClass(view, tooEarly),
      },
    ];
  },
});
