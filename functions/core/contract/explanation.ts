import type { CauseId } from "./cause-ids.ts";

/** A rule's claim that another finding is only a symptom of its own, and by what mechanism. */
export interface Explanation {
  readonly cause: CauseId;
  /** Restricts the claim to one finding of that id; every finding of the id when absent. */
  readonly subject?: string;
  readonly because: string;
}
