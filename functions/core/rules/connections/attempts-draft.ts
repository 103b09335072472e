import { cpuPressure } from "../../facts/cpu-pressure.ts";
import { baselineText, lastingFor, metricFact, usualHigh } from "../../facts/metric-facts.ts";
import { poolAdvice } from "../../facts/pool-advice.ts";
import { fromOutside, percentText } from "../../facts/rds-facts.ts";
import type { View } from "../../facts/view.ts";
import type { FindingDraft } from "../define.ts";

/** Over what is usual at this hour: no release and no campaign needs so many more while a pool keeps its sessions. */
const manyTimes = 10;
/** Fewer are what scripts and health checks make, whatever the time that they are counted over. */
const least = 100;
/** Where more of them are open at a time, they have come to stay. */
const openShare = 0.5;

/**
 * From outside: CloudWatch counts attempts to connect, successful or not, of RDS for MySQL and MariaDB. Over which time
 * it counts no page says, so they are compared with themselves alone.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-metrics.html
 */
export function attemptsDraft(view: View): readonly FindingDraft[] {
  const attempts = metricFact(view, "ConnectionAttempts");
  const open = metricFact(view, "DatabaseConnections");
  const usual = attempts === null ? null : usualHigh(attempts);
  if (attempts === null || open === null || usual === null) return [];
  const minutes = lastingFor(
    view,
    attempts,
    (value) => value >= Math.max(least, manyTimes * Math.max(1, usual)),
  );
  if (minutes === null || open.latest > openShare * attempts.latest) return [];
  const cpu = metricFact(view, "CPUUtilization");
  const short = (cpuPressure(view)?.severity ?? "P3") !== "P3" && cpu !== null;
  const because = "signing in costs a thread, a handshake and a password's hash each time";
  const times = Math.round(attempts.latest / Math.max(1, usual));
  return [
    {
      subject: "attempts",
      severity: short ? "P2" : "P3",
      confidence: fromOutside(view, 0.65),
      summary: `${times} times as many attempts to connect as a rule for ${minutes} min: ${Math.round(attempts.latest)}${baselineText(attempts, (value) => String(Math.round(value)))}; ${Math.round(open.latest)} connections are open, so most do not stay${short ? `, and the CPU has risen with them, to ${percentText(cpu.latest)}${baselineText(cpu, percentText)}` : ""}`,
      evidence: [
        {
          source: attempts.id,
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
