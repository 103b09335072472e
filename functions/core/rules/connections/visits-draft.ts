import { cpuPressure } from "../../facts/cpu-pressure.ts";
import { metricFact, usualHigh } from "../../facts/metric-facts.ts";
import { poolAdvice } from "../../facts/pool-advice.ts";
import { fromOutside } from "../../facts/rds-facts.ts";
import { rounded } from "../../facts/statements.ts";
import { toldVisits } from "../../facts/told-visits.ts";
import type { View } from "../../facts/view.ts";
import type { FindingDraft } from "../define.ts";

/** Fewer are what scripts and health checks make. */
const manyPerSecond = 5;
/** Over what the CPU is at this hour as a rule. */
const risen = 1.3;

/**
 * Without a look inside: the log tells of sessions that come and go, and the CPU is busy while hardly a session wants
 * it. A new process, TLS and the check of a password are done before a session is one, and count as no load.
 */
export function visitsDraft(view: View): readonly FindingDraft[] {
  const visits = toldVisits(view);
  const cpu = metricFact(view, "CPUUtilization");
  const pressure = cpuPressure(view);
  if (visits === null || cpu === null || pressure?.unqueued !== true) return [];
  if (visits.perSecond < manyPerSecond || cpu.latest < risen * (usualHigh(cpu) ?? 0)) return [];
  return [
    {
      subject: "visits",
      severity: "P2",
      confidence: fromOutside(view, 0.7),
      summary: `Sessions of ${visits.user} begin and end within a moment, ${rounded(visits.perSecond)} a second: signing in costs more than what they ask; ${pressure.says}`,
      evidence: [
        {
          source: "log",
          says: `${visits.ended} sessions of what was read were authorized and disconnected within two seconds, most of them ${visits.user}'s`,
        },
        ...pressure.evidence,
        poolAdvice,
      ],
      explains: [{ cause: "cpu-saturated", because: "signing in takes it, and no session's statement does" }],
      actions: [],
    },
  ];
}
