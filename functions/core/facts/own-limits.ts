import { type OwnLimitRow, postgresOwnLimitsRows } from "../probes/postgres/own-limits-rows.ts";
import { ownLimitRefusals } from "./slot-refusals.ts";
import type { View } from "./view.ts";

export interface OwnLimits {
  /** All that it may have is taken; whoever may have none was shut out on purpose, unless it still comes. */
  readonly full: readonly (OwnLimitRow & { readonly refused: boolean })[];
  /** Clients are refused by the log, and what they have could not be seen, or was less a moment later. */
  readonly logged: ReturnType<typeof ownLimitRefusals>;
}

/** What the probe brings at the most. */
const mostListed = 10;
/** What stands in the log in place of a name that may tell a person. */
const hidden = "?";

/** Roles and databases that have all the connections that they may have of their own, by their counts and by the log. */
export function ownLimits(view: View): OwnLimits {
  const rows = view.rows(postgresOwnLimitsRows);
  const refusals = ownLimitRefusals(view);
  const refused = new Set(refusals.map(({ whose }) => whose));
  const taken = (rows ?? []).filter(({ used, limit }) => limit > 0 && used >= limit);
  // Where the log does not name it, it is the one that has all it may have.
  const isHidden = (row: OwnLimitRow): boolean =>
    refused.has(`${row.of} "${hidden}"`) && taken.length === 1 && taken[0] === row;
  const full = (rows ?? [])
    .map((row) => ({ ...row, refused: refused.has(namedAs(row)) || isHidden(row) }))
    .filter((row) => row.used >= row.limit && (row.limit > 0 || row.refused));
  const told = full.map(namedAs);
  // Who was refused a moment ago may have one less just now; who is not among all with a limit has none any more.
  const isWhole = rows !== null && rows.length < mostListed;
  const busy = (rows ?? []).filter(({ used, limit }) => 2 * used >= limit).map(namedAs);
  const another = busy.some((one) => !told.includes(one)) || full.some((row) => !row.refused);
  return {
    full,
    logged: refusals.filter(
      ({ whose }) =>
        !told.includes(whose) && (!isWhole || busy.includes(whose) || (another && whose.includes(hidden))),
    ),
  };
}

function namedAs({ of, name }: OwnLimitRow): string {
  return `${of} "${name}"`;
}
