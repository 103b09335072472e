import { busiest, type IndexNeed } from "../../facts/index-need.ts";
import { list } from "../../text/wording.ts";
import type { FindingDraft } from "../define.ts";

interface Missed {
  readonly need: IndexNeed;
  readonly draft: FindingDraft;
}

/** So many columns in common leave as a rule so few rows that what comes behind them hardly matters. */
const sharedColumns = 2;

/**
 * Two indexes that begin with the same columns, for two statements of one page as a rule, are one to begin with: the
 * first that is built serves both, and each one more makes every write dearer. The one wanted most is proposed; the other
 * is told again, with its statement, if it is still missed then.
 */
export function oneOfAlike({ need, draft }: Missed, all: readonly Missed[]): FindingDraft {
  const alike = all.filter((other) => isAlike(other.need, need));
  const others = alike.filter((other) => other.need !== need);
  const [wanted] = alike.toSorted((a, b) => moreWanted(a.need, b.need));
  if (others.length === 0 || wanted === undefined) return draft;
  const shared = list(need.columns.slice(0, sharedColumns));
  if (wanted.need !== need) {
    const says = `an index (${wanted.need.columns.join(", ")}) that begins with ${shared}, too, is wanted more: build that one first, and see whether this one is still missed`;
    return { ...draft, actions: [], evidence: [...draft.evidence, { source: need.source, says }] };
  }
  const because = `one index that begins with ${shared} leaves few rows for both`;
  const explained = others.map((other) => ({
    ...{ cause: "missing-index" as const, subject: other.draft.subject, because },
  }));
  return { ...draft, explains: [...draft.explains, ...explained] };
}

/** Of those whose outcome was tried beforehand (HypoPG) each is known to be worth it. */
function isAlike(one: IndexNeed, other: IndexNeed): boolean {
  const [a, b] = [one, other].map(({ columns }) => columns.slice(0, sharedColumns).join(", "));
  const isPlain = ({ unusable, where, costLeft, columns }: IndexNeed): boolean =>
    unusable === undefined && where === undefined && costLeft === null && columns.length >= sharedColumns;
  return one.table === other.table && a === b && isPlain(one) && isPlain(other);
}

function moreWanted({ wantedBy: [a] }: IndexNeed, { wantedBy: [b] }: IndexNeed): number {
  return a === undefined || b === undefined ? 0 : busiest(a, b);
}
