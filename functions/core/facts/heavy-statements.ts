import { sessionsRunning } from "./sessions-running.ts";
import { costliest } from "./statement-cost.ts";
import type { Statement } from "./statements.ts";
import type { View } from "./view.ts";

/** Each call reads so much that it takes long by itself, however few want it at once. */
const heavyPages = 1000;
const heavyRows = 100_000;

function isHeavy({ total }: Statement): boolean {
  const calls = Math.max(1, total.calls);
  return (total.pages ?? 0) >= heavyPages * calls || (total.examined ?? 0) >= heavyRows * calls;
}

/**
 * Young connections that work at a statement which costs most of the time and is heavy by itself: at the same pace of
 * requests more of them are open the longer each takes, so that they are its symptom.
 * @param underSeconds who is older has been there before.
 */
export function youngAtHeavy(view: View, underSeconds: number): number {
  return costliest(view)
    .filter(isHeavy)
    .flatMap(({ query }) => sessionsRunning(view, query))
    .filter(({ sessionSeconds, stateSeconds }) => (sessionSeconds ?? stateSeconds ?? 0) < underSeconds)
    .length;
}
