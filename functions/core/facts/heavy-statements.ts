import { costliest } from "./statement-cost.ts";
import { type Statement, sessionsRunning } from "./statements.ts";
import type { View } from "./view.ts";

/** Each call reads so much that it takes long by itself, however few want it at once. */
const heavyPages = 1000;
const heavyRows = 100_000;

function isHeavy({ total }: Statement): boolean {
  const calls = Math.max(1, total.calls);
  return (total.pages ?? 0) >= heavyPages * calls || (total.examined ?? 0) >= heavyRows * calls;
}

/**
 * Connections that work at a statement which costs most of the time and is heavy by itself: at the same pace of requests
 * more of them are open the longer each takes, so that they are its symptom.
 */
export function heldByHeavy(view: View): number {
  return costliest(view)
    .filter(isHeavy)
    .reduce((sum, { query }) => sum + sessionsRunning(view, query).length, 0);
}
