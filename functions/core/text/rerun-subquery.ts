/** At least this share of a plan's cost: the rest of it is beside the point. */
const mostPercent = 50;

/**
 * What a plan says it runs again for each row, "(NOT (SubPlan 1))", where that is most of its cost; null otherwise. It is
 * of `costliestStep`'s words: a list that is walked for each row is a SubPlan that could not be hashed.
 * https://www.postgresql.org/docs/current/functions-subquery.html#FUNCTIONS-SUBQUERY-NOTIN
 */
export function rerunSubquery(spends: string | null | undefined): string | null {
  const [, percent = "0", test = ""] =
    /^(\d+) % of its plan's cost: .* runs a subquery again for each of its rows(?:, testing (.*))?$/s.exec(
      spends ?? "",
    ) ?? [];
  return Number(percent) < mostPercent ? null : test;
}
