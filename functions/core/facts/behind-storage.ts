import { duration, list, statementText } from "../text/wording.ts";
import { ioPressure } from "./io-pressure.ts";
import type { Statement } from "./statements.ts";
import type { View } from "./view.ts";

/** Their calls are so much younger. */
const farYounger = 10;

export interface Behind {
  readonly leader: Statement;
  readonly others: readonly Statement[];
  /** "SELECT …, for 17 s, may be slow by it alone". */
  readonly says: string;
}

/**
 * Statements known by their sessions alone, while storage is at its limit: of those that fewer run, and for a tenth of
 * the time, than one other, it is not known that they cost anything, since whoever reads a page now takes long. Null
 * where there is no such one, or they were counted.
 */
export function behindStorage(view: View, dear: readonly Statement[]): Behind | null {
  const seen = dear.filter(({ running, source }) => running !== undefined && source.endsWith("-sessions"));
  const leader = seen.toSorted((a, b) => (b.running ?? 0) - (a.running ?? 0))[0];
  const pressure = leader === undefined || seen.length < 2 ? null : ioPressure(view);
  if (leader === undefined || pressure === null || pressure.severity === "P3" || pressure.sign === "waits")
    return null;
  const others = seen.filter(
    ({ running, total }) =>
      (running ?? 0) < (leader.running ?? 0) &&
      farYounger * (total.meanSeconds ?? 0) <= (leader.total.meanSeconds ?? 0),
  );
  if (others.length === 0) return null;
  const texts = others.map(
    ({ query, total }) => `${statementText(query) ?? "another"} (for ${duration(total.meanSeconds)})`,
  );
  return {
    leader,
    others,
    says: `others take long meanwhile, as whatever reads from that storage does: ${list(texts)}`,
  };
}
