import { idleText } from "./idle-resources.ts";
import { isWriting, loadShares, totalLoad } from "./insights.ts";
import type { View } from "./view.ts";
import { loadAt, type OutsideWait, outsideWait } from "./wait-load.ts";
import { waitNames } from "./wait-names.ts";

/** What ends a transaction. */
const ends = /^\s*(commit|rollback|xa\s)/i;
const most = 0.5;

/**
 * Where performance_schema is off, commits have no name of their own before MySQL 8 and in autocommit: sessions stand at
 * the beginning or the end of what writes, while neither the CPU nor the volume is at work for them. Null where it is not
 * so, or they read.
 */
export function stepWait(view: View): OutsideWait | null {
  const wait = outsideWait(view, waitNames.step);
  const idle = wait === null ? null : idleText(view, wait.sessions);
  if (wait === null || idle === null) return null;
  // Whose waits were not seen may be another's.
  if (loadShares(view, "statement").some(({ waits }) => waits.length === 0)) return null;
  const statements = loadShares(view, "statement").map(({ name, waits }) => ({
    writes: ends.test(name) || isWriting(name),
    load: loadAt({ waits }, waitNames.step),
  }));
  if (totalLoad(statements.filter(({ writes }) => writes)) < most * totalLoad(statements)) return null;
  const says = `${idle}, and the log is all that such a step has to wait for`;
  return { ...wait, evidence: [...wait.evidence, { source: "CloudWatch", says }] };
}
