import { manyAttempts } from "../../facts/attempts.ts";
import { cpuPressure } from "../../facts/cpu-pressure.ts";
import { baselineText, metricFact } from "../../facts/metric-facts.ts";
import { poolAdvice } from "../../facts/pool-advice.ts";
import { fromOutside, percentText } from "../../facts/rds-facts.ts";
import type { View } from "../../facts/view.ts";
import { lasted } from "../../text/wording.ts";
import type { FindingDraft } from "../define.ts";

/** From outside: attempts to connect that do not stay, and the CPU that has risen with them. */
export function attemptsDraft(view: View): readonly FindingDraft[] {
  const attempts = manyAttempts(view);
  if (attempts === null) return [];
  const { fact, times, minutes, open, cameFirst } = attempts;
  const cpu = metricFact(view, "CPUUtilization");
  const short = cameFirst && (cpuPressure(view)?.severity ?? "P3") !== "P3" && cpu !== null;
  const because = "signing in costs a thread, a handshake and a password's hash each time";
  return [
    {
      subject: "attempts",
      severity: short ? "P2" : "P3",
      confidence: fromOutside(view, 0.65),
      summary: `${times} times as many attempts to connect as a rule for ${lasted(minutes)}: ${Math.round(fact.latest)}${baselineText(fact, (value) => String(Math.round(value)))}; ${Math.round(open)} connections are open, so most do not stay${short ? `, and the CPU has risen with them, to ${percentText(cpu.latest)}${baselineText(cpu, percentText)}` : ""}`,
      evidence: [
        {
          source: fact.id,
          says: "successful or not is not told, nor who they are: the error log, and releases of the last hour, tell",
        },
        poolAdvice,
      ],
      explains: short
        ? [
            { cause: "cpu-saturated", because },
            { cause: "instance-undersized", because },
          ]
        : [],
      actions: [],
    },
  ];
}
