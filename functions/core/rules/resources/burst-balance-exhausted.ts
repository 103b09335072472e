import { isBurstable } from "../../context/instance-class.ts";
import type { Severity } from "../../contract/finding.ts";
import { askedOfStorage, creditsSuffice, emptyIn, gp2Baseline } from "../../facts/burst-pace.ts";
import { classLimitsOf } from "../../facts/class-limits.ts";
import { type MetricFact, metricFact } from "../../facts/metric-facts.ts";
import { explainsNoAnswer } from "../../facts/no-answer.ts";
import { bytesText, fromOutside, percentText, selfOf } from "../../facts/rds-facts.ts";
import type { View } from "../../facts/view.ts";
import { workloadEvidence } from "../../facts/workload.ts";
import { scaleInstanceClass, withheldClass } from "../../remedies/aws/class-remedies.ts";
import { leaveBurstCredits } from "../../remedies/aws/storage-performance.ts";
import { duration, grouped } from "../../text/wording.ts";
import { defineRule, type FindingDraft } from "../define.ts";

const balances = [
  {
    id: "BurstBalance",
    what: "the I/O credits of the gp2 volume (its burst balance)",
    remedy: leaveBurstCredits,
  },
  {
    id: "EBSIOBalance%",
    what: "the I/O credits of the instance class",
    remedy: (view: View) => largerClass(view, "EBSIOBalance%"),
  },
  {
    id: "EBSByteBalance%",
    what: "the throughput credits of the instance class",
    remedy: (view: View) => largerClass(view, "EBSByteBalance%"),
  },
] as const;

/** Below this the baseline is all there is, whatever is asked for. */
const exhaustedPercent = 5;

export const burstBalanceExhausted = defineRule({
  id: "burst-balance-exhausted",
  spec: ["D4", "M1"],
  category: "resources",
  title: "Burst credits are used up",
  needs: ["BurstBalance", "EBSIOBalance%", "EBSByteBalance%", "CPUCreditBalance", "ReadIOPS", "WriteIOPS"],
  evaluate: (view) => [...balances.flatMap((balance) => storageDraft(view, balance)), ...cpuDraft(view)],
});

function storageDraft(view: View, balance: (typeof balances)[number]): readonly FindingDraft[] {
  const fact = metricFact(view, balance.id);
  if (fact === null || fact.latest > view.thresholds.burstBalancePercent) return [];
  const first = fact.points[0]?.value ?? fact.peak;
  const exhausted = fact.latest <= exhaustedPercent;
  const falling = fact.latest < first - 0.5;
  // It fills up again by itself once less is asked of it.
  const severity: Severity = exhausted && !isRecovering(first, fact.latest) ? "P1" : falling ? "P2" : "P3";
  const trend = falling ? `, from ${percentText(first)} at the start of the window` : "";
  return [
    {
      subject: balance.id,
      severity,
      confidence: fromOutside(view, severity === "P3" ? 0.6 : 0.9),
      summary: `${percentText(fact.latest)} is left of ${balance.what}${trend}: ${exhausted ? `storage gives its baseline only${baselineOf(view, balance.id)}` : falling ? soonText(view, fact) : "it is filling up again"}`,
      evidence: [
        { source: fact.id, says: rangeText(fact) },
        ...(severity === "P3" ? [] : workloadEvidence(view)),
      ],
      explains:
        severity === "P1"
          ? [
              { cause: "io-saturated", because: "without credits the volume is throttled to its baseline" },
              { cause: "write-stall", because: "without credits requests queue" },
              // Its applier writes to this volume; of another replica the balance says nothing.
              ...["", view.evidence.target.name].map((of) => ({
                cause: "replication-lag" as const,
                subject: of,
                because: "what it has to apply waits for a volume at its baseline",
              })),
            ]
          : [],
      actions: severity === "P3" ? [] : balance.remedy(view),
    },
  ];
}

function rangeText({ lowest, peak, day }: MetricFact): string {
  const before = day === null ? "" : `, ${percentText(day)} a day ago`;
  return lowest === peak
    ? `${percentText(peak)} all through the window${before}`
    : `${percentText(lowest)} to ${percentText(peak)} in the window${before}`;
}

/** A job that takes the credits ends, and a class that was bought for it stays. */
function largerClass(view: View, id: "EBSIOBalance%" | "EBSByteBalance%"): FindingDraft["actions"] {
  const enough = creditsSuffice(view, id);
  return enough === null ? scaleInstanceClass(view) : withheldClass(view, enough);
}

function soonText(view: View, fact: MetricFact): string {
  const left = emptyIn(fact);
  const when = left === null ? "at zero" : `at this pace none is in ${duration(left)}, and`;
  const asked = fact.id === "EBSByteBalance%" ? "" : askedOfStorage(view);
  return `${when} storage falls to its baseline${baselineOf(view, fact.id)}${asked}`;
}

/** What the volume or the class falls to, where its size or the table of classes tells. */
function baselineOf(view: View, id: string): string {
  if (id === "BurstBalance") return gp2Baseline(view);
  const limits = classLimitsOf(view);
  if (limits === null) return "";
  const { baselineBytes, baselineIops } = limits;
  if (baselineBytes === null || baselineIops === null) return "";
  return id === "EBSIOBalance%"
    ? `, ${grouped(baselineIops)} IOPS on ${limits.name}`
    : `, ${bytesText(baselineBytes)} a second on ${limits.name}`;
}

function isRecovering(first: number, latest: number): boolean {
  return latest > first + 0.5;
}

/**
 * T3 and T4g run in unlimited mode on RDS: without credits they go on and cost more. T2 is throttled.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Concepts.DBInstanceClass.Types.html
 */
function cpuDraft(view: View): readonly FindingDraft[] {
  const instanceClass = selfOf(view)?.instanceClass ?? view.evidence.target.instanceClass;
  const credits = metricFact(view, "CPUCreditBalance");
  if (!isBurstable(instanceClass) || credits === null || credits.latest >= 1) return [];
  const throttled = instanceClass?.startsWith("db.t2.") === true;
  return [
    {
      subject: "CPUCreditBalance",
      severity: throttled ? "P1" : "P3",
      confidence: fromOutside(view, 0.9),
      summary: `No CPU credits are left on ${instanceClass}: ${throttled ? "the CPU is throttled to its baseline" : "it runs on in unlimited mode, at a price for every vCPU hour"}`,
      evidence: [{ source: credits.id, says: `${Math.round(credits.latest)} credits` }],
      explains: throttled
        ? [
            { cause: "cpu-saturated", because: "a throttled CPU is busy with little work" },
            ...explainsNoAnswer(view, "a throttled CPU does not get round to new connections"),
          ]
        : [],
      actions: throttled ? scaleInstanceClass(view) : [],
    },
  ];
}
