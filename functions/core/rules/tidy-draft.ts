import type { ProposedAction } from "../contract/finding.ts";
import { compare } from "../text/compare.ts";
import { sentenceCase } from "../text/sentence-case.ts";
import type { FindingDraft } from "./define.ts";

/** One thing to tidy up: an index, a table, a constraint. */
export interface Untidy {
  /** As people call it, and unique: `orders_note_idx`, `sales.orders`. */
  readonly name: string;
  /** With its numbers: "orders_note_idx of orders (24 MiB, never scanned)". */
  readonly says: string;
  readonly source: string;
  /** The heavier, the worse. */
  readonly weight: number;
  readonly action: ProposedAction | null;
}

export interface Story {
  readonly confidence: number;
  /** The whole sentence: how many, and the worst few by name. */
  summary(count: number, worst: string): string;
  /** There are so many; those that were looked at are the worst. As many as were looked at when absent. */
  readonly total?: number;
  /** More were found than were kept, and nobody knows how many of them are such things. */
  readonly partial?: boolean;
  readonly notes?: readonly { readonly source: string; readonly says: string }[];
}

const namedInSummary = 3;
const toldApart = 5;

/**
 * One finding for all things of one kind, however many: a schema with 400 unused indexes is one piece of work, not 400
 * alarms. Always P3: nobody suffers from untidiness tonight.
 */
export function tidyDraft(things: readonly Untidy[], story: Story): readonly FindingDraft[] {
  if (things.length === 0) return [];
  const worst = things.toSorted(
    (a, b) => b.weight - a.weight || compare(a.name, b.name) || compare(a.says, b.says),
  );
  const told = worst.slice(0, toldApart);
  const count = Math.max(story.total ?? 0, worst.length);
  const rest = count - told.length;
  const least = story.partial ? "at least " : "";
  const more =
    rest === 0 ? [] : [{ source: worst[0]?.source ?? "", says: `and ${least}${rest} more like these` }];
  return [
    {
      subject: "",
      severity: "P3",
      nature: "chronic",
      confidence: story.confidence,
      summary: sentenceCase(
        `${least}${story.summary(
          count,
          worstFew(
            worst.map(({ name }) => name),
            count,
            least,
          ),
        )}`,
      ),
      evidence: [...told.map(({ source, says }) => ({ source, says })), ...more, ...(story.notes ?? [])],
      explains: [],
      actions: told.map(({ action }) => action).filter((action) => action !== null),
    },
  ];
}

/** "a, b, c and 397 more". */
function worstFew(names: readonly string[], count: number, least: string): string {
  const named = names.slice(0, namedInSummary);
  const rest = count - named.length;
  return rest === 0 ? named.join(", ") : `${named.join(", ")} and ${least}${rest} more`;
}
