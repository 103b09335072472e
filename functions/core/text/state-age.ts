import type { Session } from "../contract/session.ts";
import { duration } from "./wording.ts";

/** "4 min 12 s"; "4 min 12 s at most" where only a bound is known. */
export function stateAge({
  stateSeconds,
  stateAtMostSeconds,
}: Pick<Session, "stateSeconds" | "stateAtMostSeconds">): string {
  return stateSeconds === null && stateAtMostSeconds !== undefined
    ? `${duration(stateAtMostSeconds)} at most`
    : duration(stateSeconds);
}
