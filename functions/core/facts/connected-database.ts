import type { View } from "./view.ts";

/** Where the look was taken, by its own session; else where the target is said to be. Null: nobody knows. */
export function connectedDatabase({ sessions, evidence }: View): string | null {
  return sessions?.find(({ own }) => own)?.database ?? evidence.target.database;
}
