import type { Session } from "../contract/session.ts";
import { duration, plural } from "./wording.ts";

/** "is rolling back for 4 s at most, 261050 changed rows left"; null for a session that is not ending. */
export function endingText({ ending, stateSeconds, rowsModified }: Session): string | null {
  switch (ending) {
    case undefined:
      return null;
    case "killed":
      return "was killed before and is ending";
    case "rolling-back": {
      // Since when, neither engine tells: its state is at least as old.
      const since = stateSeconds === null ? "" : ` for ${duration(stateSeconds)} at most`;
      const left = rowsModified === null ? "" : `, ${plural(rowsModified, "changed row")} left`;
      return `is rolling back${since}${left}`;
    }
    default:
      return ending satisfies never;
  }
}
