import type { Evidence } from "../contract/evidence.ts";
import { type Diagnosis, type Finding, isHygiene } from "../contract/finding.ts";
import type { DiagnosisSummary } from "../contract/incident.ts";
import { oldestTransaction } from "../facts/view.ts";
import { verdictAfter } from "./verdict.ts";

const keptRoots = 5;
const keptSymptoms = 10;
/** Told, and no cause of the incident: it has long been so. */
const keptHygiene = 6;

/**
 * The diagnosis as far as the incident remembers it; small enough for one stored item. `known` are the root causes that
 * the incident has already.
 */
export function summaryOf(
  diagnosis: Diagnosis,
  evidence: Evidence,
  evidenceId: string,
  known: readonly Finding[] = [],
): DiagnosisSummary {
  const roots = new Set(diagnosis.rootCauses);
  const acute = diagnosis.findings.filter((finding) => !isHygiene(finding));
  const hygiene = diagnosis.findings.filter(isHygiene).map(({ summary }) => summary);
  const { status } = evidence.connection;
  return {
    evidenceId,
    diagnosedAt: diagnosis.diagnosedAt,
    headline: diagnosis.headline,
    severity: diagnosis.severity,
    confidence: diagnosis.confidence,
    rootCauses: acute.filter((finding) => roots.has(finding.key)).slice(0, keptRoots),
    symptoms: acute
      .filter((finding) => !roots.has(finding.key))
      .slice(0, keptSymptoms)
      .map(({ key, summary }) => ({ key, summary })),
    ...(hygiene.length === 0 ? {} : { hygiene: hygiene.slice(0, keptHygiene) }),
    missing: missingByReason(diagnosis.missing),
    openTransaction: { of: evidence.target.name, seconds: oldestTransaction(evidence) },
    path: diagnosis.path,
    verdict: verdictAfter(diagnosis, evidence, known),
    connected: status === "connected",
    unreachable: status === "not-connected",
  };
}

/** Twenty metrics that fail for one reason are one line. */
function missingByReason(missing: Diagnosis["missing"]): string[] {
  const byReason = new Map<string, string[]>();
  for (const { what, reason } of missing) byReason.set(reason, [...(byReason.get(reason) ?? []), what]);
  return [...byReason].map(([reason, [first = "", ...more]]) =>
    more.length === 0 ? `${first}: ${reason}` : `${first} and ${more.length} more: ${reason}`,
  );
}
