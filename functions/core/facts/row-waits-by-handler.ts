import { idleText } from "./idle-resources.ts";
import { loadShares, totalLoad } from "./insights.ts";
import type { View } from "./view.ts";
import { loadAt, type OutsideWait, outsideWait } from "./wait-load.ts";

/**
 * InnoDB's wait for a row has no event of its own: seen on MySQL 9.7 and MariaDB 10.11, who waits is in the handler's,
 * OPERATION "fetch". So is who reads a page, and who looks through rows on a CPU. Aurora tells its row waits itself, where it tells waits. Without
 * performance_schema it is the thread's state: seen on both, "updating" of UPDATE and DELETE, "update" of INSERT, and
 * "statistics" of SELECT … FOR UPDATE, where each of them may be at work as well.
 * https://dev.mysql.com/doc/refman/8.4/en/performance-schema-table-wait-summary-tables.html
 */
export const handlerWaits = /^((wait\/)?io\/table\/sql\/handler|updating|update|statistics)$/i;

const locking = /^\s*(update|delete|insert|replace)\b|\bfor\s+(update|share)\b|\block\s+in\s+share\s+mode\b/i;

/** A statement that takes locks of rows, and may wait for them. */
export function wantsRows(text: string): boolean {
  return locking.test(text);
}

const states = /^(updating|update|statistics)$/i;
/** A state of what reads, too. */
const ofReaders = /^statistics$/i;

/** Of those at rows so many want to lock them. */
const most = 0.5;

/** Sessions that want rows, while neither the CPU nor the volume is at work for them: others hold these. Null where it is not so, or not seen. */
export function rowWaitsByHandler(view: View): OutsideWait | null {
  const { engine, flavour } = view.evidence.target;
  if (engine === "postgres") return null;
  const wait = outsideWait(view, flavour === "rds" ? handlerWaits : states);
  const unseen = wait === null ? null : idleText(view, wait.sessions);
  if (wait === null || unseen === null) return null;
  const statements = loadShares(view, "statement").map(({ name, waits }) => ({
    locks: locking.test(name),
    load: loadAt({ waits }, handlerWaits),
  }));
  const wanting = totalLoad(statements.filter(({ locks }) => locks));
  if (wanting < most * totalLoad(statements)) return null;
  // Of statements without a text it is the idle machine alone that tells, and of those whose waits were not seen nothing.
  const unseenWaits = loadShares(view, "statement").some(({ waits }) => waits.length === 0);
  if (wanting === 0 && (unseenWaits || wait.waits.some(({ name }) => ofReaders.test(name)))) return null;
  const says = `${unseen}, and this engine has no other name for a wait for rows`;
  return { ...wait, evidence: [...wait.evidence, { source: "CloudWatch", says }] };
}
