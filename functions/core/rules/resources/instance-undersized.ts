import type { Severity } from "../../contract/finding.ts";
import { blamedChange } from "../../facts/blamed-change.ts";
import { outsideCapacity } from "../../facts/connection-limit.ts";
import { cpuPressure, cpuQueue, queueing } from "../../facts/cpu-pressure.ts";
import { lowMemory } from "../../facts/memory.ts";
import {
  baselineText,
  lastingFor,
  type MetricFact,
  metricFact,
  usualHigh,
} from "../../facts/metric-facts.ts";
import { bytesText, fromOutside, percentText, selfOf } from "../../facts/rds-facts.ts";
import { worstOf } from "../../facts/severity.ts";
import { isAsEver } from "../../facts/usual.ts";
import type { View } from "../../facts/view.ts";
import { shrunkClass } from "../../facts/what-changed.ts";
import { dominantStatement } from "../../facts/workload.ts";
import { raiseServerlessCapacity } from "../../remedies/aws/capacity-remedies.ts";
import { scaleInstanceClass } from "../../remedies/aws/class-remedies.ts";
import { lasted } from "../../text/wording.ts";
import { defineRule, type FindingDraft } from "../define.ts";

/** Above this one statement is what to look at, not the size of the machine. */
const onePercent = 40;
const atCeilingPercent = 98;

/** Growth, not an accident: as busy at this hour yesterday and a week ago, and no single statement to blame. */
export const instanceUndersized = defineRule({
  id: "instance-undersized",
  spec: ["D4", "M1"],
  category: "resources",
  title: "The instance is too small for its usual work",
  needs: ["CPUUtilization", "DBLoadCPU", "ACUUtilization", "DescribeEvents"],
  evaluate: (view) => {
    const shrunk = shrunkDraft(view);
    if (shrunk.length > 0) return shrunk;
    const dominant = dominantStatement(view);
    if (dominant !== null && dominant.percent >= onePercent) return [];
    return [...ceilingDraft(view), ...chronicDraft(view)].slice(0, 1);
  },
});

/** What has run well until its class was made smaller is not what has grown. */
function shrunkDraft(view: View): readonly FindingDraft[] {
  const pressure = cpuPressure(view);
  const pressed = (pressure?.severity ?? "P3") !== "P3" && pressure?.likely !== true;
  const { used, limit } = outsideCapacity(view) ?? { used: 0, limit: null };
  const crowded = limit !== null && 100 * used >= view.thresholds.connectionsWarnPercent * limit;
  const blamed = blamedChange(view, [
    ...(pressed ? (["cpu"] as const) : []),
    "memory",
    ...(crowded ? (["connections"] as const) : []),
  ]);
  if (blamed === null || blamed.change.kind !== "class" || shrunkClass(view) === null) return [];
  const { change, minutesAgo, advice } = blamed;
  const cpu = metricFact(view, "CPUUtilization");
  const free = metricFact(view, "FreeableMemory");
  const now = [
    ...(cpu === null ? [] : [`CPU ${percentText(cpu.latest)}${baselineText(cpu, percentText)}`]),
    ...(free === null ? [] : [`${bytesText(free.latest)} of memory free${baselineText(free, bytesText)}`]),
  ];
  const because = "its class was made smaller";
  return [
    {
      subject: "",
      severity: worstWith(view, "P2"),
      confidence: fromOutside(view, change.from === null ? 0.75 : 0.9),
      summary: `Too small since ${change.says}, ${minutesAgo} min ago: ${now.join("; ")}`,
      evidence: [
        { source: change.source, says: `${change.at} ${change.says}` },
        ...(change.from === null
          ? [{ source: "CloudTrail", says: "what the class was before was not seen" }]
          : []),
        { source: "engine", says: advice },
      ],
      explains: [
        ...becauseSmall,
        ...(
          [
            "memory-pressure",
            "connections-near-limit",
            "cache-too-small",
            "io-saturated",
            "instance-limit-reached",
            "burst-balance-exhausted",
          ] as const
        ).map((cause) => ({ cause, because })),
      ],
      actions: scaleInstanceClass(view),
    },
  ];
}

function ceilingDraft(view: View): readonly FindingDraft[] {
  const used = metricFact(view, "ACUUtilization");
  const minutes = lastingFor(view, used, (value) => value >= atCeilingPercent);
  if (used === null || minutes === null) return [];
  const cpu = metricFact(view, "CPUUtilization");
  if (onlyCacheGrew(view, cpu)) return [];
  const max = view.evidence.context?.topology?.cluster?.serverless?.maxAcu ?? null;
  const asEver = isAsEver(used) && (cpu === null || isAsEver(cpu));
  return [
    {
      subject: "",
      severity: worstWith(view, asEver ? "P3" : "P2"),
      confidence: fromOutside(view, cpu === null ? 0.5 : 0.85),
      summary: `Serverless capacity has been at its limit${max === null ? "" : ` of ${max} ACU`} for ${lasted(minutes)}: it cannot grow further${asEver ? ", as a day and a week ago at this hour" : ""}`,
      evidence: [
        { source: used.id, says: `${percentText(used.latest)} of the largest capacity` },
        ...(cpu === null ? [] : [{ source: cpu.id, says: `CPU ${percentText(cpu.latest)} of it` }]),
      ],
      explains: becauseSmall,
      actions: asEver ? [] : raiseServerlessCapacity(view),
    },
  ];
}

/**
 * Capacity is given for memory, too: a buffer pool that has filled the largest capacity holds it there while the CPU
 * has little to do. That is a cache at work, unless memory is short as well, or nobody saw how much of it is left.
 * https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-serverless-v2.how-it-works.html
 */
function onlyCacheGrew(view: View, cpu: MetricFact | null): boolean {
  const memory = lowMemory(view);
  return cpu !== null && cpu.latest < view.thresholds.cpuPercent / 2 && memory !== null && !memory.low;
}

function chronicDraft(view: View): readonly FindingDraft[] {
  const pressure = cpuPressure(view);
  const cpu = metricFact(view, "CPUUtilization");
  if (pressure === null || cpu === null) return [];
  const limit = view.thresholds.cpuPercent;
  // Both: one bad day is no lack of size.
  const chronic = cpu.day !== null && cpu.week !== null && Math.min(cpu.day, cpu.week) >= 0.9 * limit;
  const queue = cpuQueue(view);
  // Full every night and nobody queues: it is used, not too small.
  const keepsUp = pressure.severity === "P3" && queue?.measured === true && queue.perCpu < queueing;
  // Of steps that may as well read nobody knows that a larger class would end them.
  if (!chronic || keepsUp || pressure.likely === true) return [];
  const instanceClass = selfOf(view)?.instanceClass ?? view.evidence.target.instanceClass ?? "its class";
  return [
    {
      subject: "",
      severity: pressure.severity,
      confidence: fromOutside(view, dominantStatement(view) === null ? 0.5 : 0.7),
      summary: `${instanceClass} is too small for what runs on it every day: CPU ${percentText(cpu.latest)} now, ${percentText(usualHigh(cpu) ?? 0)} at this time before, and no single statement to blame`,
      evidence: queue === null ? [] : [queue.evidence],
      explains: becauseSmall,
      actions: pressure.severity === "P3" ? [] : scaleInstanceClass(view),
    },
  ];
}

/** A cause is at least as bad as what it leads to. */
function worstWith(view: View, severity: Severity): Severity {
  return worstOf([severity, cpuPressure(view)?.severity ?? severity]) ?? severity;
}

const becauseSmall = [
  { cause: "cpu-saturated", because: "its usual work needs more than the machine has" },
] as const;
