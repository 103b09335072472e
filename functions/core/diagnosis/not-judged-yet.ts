import type { Evidence } from "../contract/evidence.ts";
import type { Diagnosis } from "../contract/finding.ts";

const unasked = {
  what: "deadlocks, errors, rates, its replicas and statements",
  reason: "the first, quick look does not ask for them",
  howToSee: "look again with --tier performance or health",
};

/**
 * The first look asks who is connected, what runs and who waits. That it finds nothing there is no verdict: a storm of
 * deadlocks shows in counters that the next look reads.
 */
export function notJudgedYet(diagnosis: Diagnosis, { probes, connection }: Evidence): Diagnosis {
  const quick = connection.status === "connected" && probes.every(({ tier }) => tier === "immediate");
  if (diagnosis.verdict !== "well" || !quick) return diagnosis;
  const found = diagnosis.headline
    .replace(/^Nothing wrong found: /, "the first look found nothing wrong (")
    .replace(/\.(?= |$)/, ").");
  return {
    ...diagnosis,
    verdict: "unknown",
    headline: `Not judged yet: ${found} It does not ask for deadlocks, errors, rates, its replicas and statements; the next look does.`,
    missing: [...diagnosis.missing, unasked],
  };
}
