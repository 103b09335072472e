import type { Finding } from "../contract/finding.ts";
import type { View } from "../facts/view.ts";
import { itsCronJob } from "../remedies/cron-remedies.ts";
import { itsEvent } from "../remedies/event-remedies.ts";
import { itsSchedules } from "../remedies/schedule-remedies.ts";

/** A root cause that somebody's schedule begins again and again, with that job and how to pause it (SPEC A14). */
export function joinJob(view: View, finding: Finding): Finding {
  if (finding.severity === "P3") return finding;
  const subject = finding.key.slice(finding.id.length + 1);
  const job = itsCronJob(view, subject) ?? itsEvent(view, subject);
  return {
    ...finding,
    evidence: [...finding.evidence, ...(job === null ? [] : [job.evidence])],
    actions: [...finding.actions, ...(job?.actions ?? []), ...itsSchedules(view, subject)],
  };
}
