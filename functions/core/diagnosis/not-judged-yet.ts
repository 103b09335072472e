import type { Evidence } from "../contract/evidence.ts";
import type { DiagnosisSummary } from "../contract/incident.ts";

const unasked =
  "deadlocks, errors, rates and statements: the first, quick look does not ask for them, the next does";

/**
 * The first look asks who is connected, what runs and who waits. That it finds nothing there is no verdict: a storm of
 * deadlocks shows in counters that the next look reads.
 */
export function notJudgedYet(summary: DiagnosisSummary, { probes, connection }: Evidence): DiagnosisSummary {
  const quick = connection.status === "connected" && probes.every(({ tier }) => tier === "immediate");
  if (summary.verdict !== "well" || !quick) return summary;
  const found = summary.headline
    .replace(/^Nothing wrong found: /, "the first look found nothing wrong (")
    .replace(/\.(?= |$)/, ").");
  return {
    ...summary,
    verdict: "unknown",
    headline: `Not judged yet: ${found} What it did not ask for is looked at next.`,
    missing: [...summary.missing, unasked],
  };
}
