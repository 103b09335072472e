import type { Behind } from "../../facts/behind-storage.ts";
import type { FindingDraft } from "../define.ts";

/** Told beside the one that leads, where that one is told here. */
export function withoutBehind(
  drafts: readonly FindingDraft[],
  behind: Behind | null,
): readonly FindingDraft[] {
  const { key, source } = behind?.leader ?? {};
  if (behind === null || source === undefined || !drafts.some(({ subject }) => subject === key))
    return drafts;
  return drafts
    .filter(({ subject }) => !behind.others.some((other) => other.key === subject))
    .map((draft) =>
      draft.subject === key
        ? { ...draft, evidence: [...draft.evidence, { source, says: behind.says }] }
        : draft,
    );
}
