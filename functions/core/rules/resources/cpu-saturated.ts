import type { Explanation } from "../../contract/explanation.ts";
import { manyAttempts } from "../../facts/attempts.ts";
import { cpuPressure } from "../../facts/cpu-pressure.ts";
import {
  busiestUser,
  classTooEarly,
  moreAsked,
  moreStatements,
  suspectText,
} from "../../facts/cpu-takers.ts";
import { waitsEvidence } from "../../facts/insights.ts";
import { explainsNoAnswer } from "../../facts/no-answer.ts";
import { fromOutside } from "../../facts/rds-facts.ts";
import { slowsItsApplier } from "../../facts/source-writes.ts";
import type { View } from "../../facts/view.ts";
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
    const tooEarly = classTooEarly(view) ?? (pressure.likely === true ? unclear : null);
    return [
      {
        subject: "",
        severity: pressure.severity,
        confidence: fromOutside(view, pressure.confidence),
        summary: `${sentenceCase(pressure.says)}${pressure.usual ? ", so it is as busy as usual" : ""}${moreStatements(view)}${busiestUser(view)}${suspectText(view)}`,
        evidence: [
          ...pressure.evidence,
          ...moreAsked(view),
          ...workloadEvidence(view),
          ...waitsEvidence(view),
        ],
        explains: [
          ...(pressure.severity === "P3" ? [] : slowsItsApplier(view)),
          ...(pressure.severity === "P1" ? answersNobody(view) : []),
        ],
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

const unclear =
  "who takes the CPU is not told by the states of threads: with performance_schema on, Performance Insights tells";

/** A storm of attempts fills it, too: who is the cause is told there, unless they came when it was full. */
function answersNobody(view: View): readonly Explanation[] {
  const all = explainsNoAnswer(view, "a server whose CPU is full does not get round to new connections");
  const cameLater = manyAttempts(view)?.cameFirst === false;
  return all.flatMap((one) => {
    if (one.cause === "database-unreachable") return [one];
    return cameLater ? [{ ...one, subject: "attempts" }] : [];
  });
}
