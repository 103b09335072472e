import type { Finding } from "../contract/finding.ts";
import type { View } from "../facts/view.ts";
import { itsCronJob } from "../remedies/cron-remedies.ts";

/** A root cause that somebody's schedule begins again and again, with that job and how to pause it (SPEC A14). */
export function joinJob(view: View, finding: Finding): Finding {
  if (finding.severity === "P3") return finding;
  const job = itsCronJob(view, finding.key.slice(finding.id.length + 1));
  if (job === null) return finding;
  return {
    ...finding,
    evidence: [...finding.evidence, job.evidence],
    actions: [...finding.actions, ...job.actions],
  };
}
