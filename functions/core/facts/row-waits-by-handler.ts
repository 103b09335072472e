import { loadShares, totalLoad } from "./insights.ts";
import { type MetricFact, metricFact } from "./metric-facts.ts";
import { percentText, vcpusOfTarget } from "./rds-facts.ts";
import { rounded } from "./statements.ts";
import type { View } from "./view.ts";
import { loadAt, type OutsideWait, outsideWait } from "./wait-load.ts";

/**
 * InnoDB's wait for a row has no event of its own: seen on MySQL 9.7 and MariaDB 10.11, who waits is in the handler's,
 * OPERATION "fetch". So is who reads a page, and who looks through rows on a CPU. Aurora tells its row waits itself. Without
 * performance_schema it is the thread's state: seen on both, "updating" of UPDATE and DELETE, "update" of INSERT, and
 * "statistics" of SELECT … FOR UPDATE, where each of them may be at work as well.
 * https://dev.mysql.com/doc/refman/8.4/en/performance-schema-table-wait-summary-tables.html
 */
export const handlerWaits = /^((wait\/)?io\/table\/sql\/handler|updating|update|statistics)$/i;

const locking = /^\s*(update|delete|insert|replace)\b|\bfor\s+(update|share)\b|\block\s+in\s+share\s+mode\b/i;

/** Of those at rows: so many neither compute nor read, and so many of them want to lock rows. */
const most = 0.5;

/** Sessions that want rows, while neither the CPU nor the volume is at work for them: others hold these. Null where it is not so, or not seen. */
export function rowWaitsByHandler(view: View): OutsideWait | null {
  const { engine, flavour } = view.evidence.target;
  if (engine === "postgres" || flavour !== "rds") return null;
  const wait = outsideWait(view, handlerWaits);
  const unseen = wait === null ? null : idleText(view, wait.sessions);
  if (wait === null || unseen === null) return null;
  const statements = loadShares(view, "statement").map(({ name, waits }) => ({
    locks: locking.test(name),
    load: loadAt({ waits }, handlerWaits),
  }));
  const wanting = totalLoad(statements.filter(({ locks }) => locks));
  if (wanting < most * totalLoad(statements) || wanting === 0) return null;
  return { ...wait, evidence: [...wait.evidence, { source: "CloudWatch", says: unseen }] };
}

function meanOf({ points }: MetricFact): number {
  return points.reduce((sum, { value }) => sum + value, 0) / Math.max(1, points.length);
}

/** Each who computes takes a CPU, each who reads is a request at the volume: null where those are most of them, or nobody counted. */
function idleText(view: View, sessions: number): string | null {
  const cpu = metricFact(view, "CPUUtilization");
  const requests = metricFact(view, "DiskQueueDepth");
  const vcpus = vcpusOfTarget(view);
  if (cpu === null || requests === null || vcpus === null || cpu.latest >= view.thresholds.cpuPercent)
    return null;
  // The load is a mean of minutes: what was at work in most of them, and is over, was no wait.
  const work = (meanOf(cpu) / 100) * vcpus + meanOf(requests);
  const now = metricFact(view, "DBLoad")?.latest ?? sessions;
  if (sessions - work < most * sessions || now < most * sessions) return null;
  return `CPU ${percentText(cpu.latest)} of ${vcpus} vCPUs and ${rounded(requests.latest)} requests at the volume are the work of few: the others wait, and this engine has no other name for a wait for rows`;
}
