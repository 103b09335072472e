import type { Explanation } from "../contract/explanation.ts";
import { postgresIndexBloatRows } from "../probes/postgres/index-bloat-rows.ts";
import type { TableRow } from "../probes/postgres/tables/rows.ts";
import type { WraparoundRow } from "../probes/postgres/vacuum-wraparound-rows.ts";
import { mentions } from "../text/table-in.ts";
import { duration } from "../text/wording.ts";
import type { XminHolder } from "./old-xmin.ts";
import { rounded, statementsOf } from "./statements.ts";
import { areMany, tableKey } from "./table-facts.ts";
import type { View } from "./view.ts";

/** What comes of dead rows that somebody's view of the data keeps: in the tables, and in what reads them. */
export function explainsHeld(
  view: View,
  {
    holder: { row },
    held,
    freezing,
  }: {
    readonly holder: XminHolder;
    readonly held: readonly TableRow[];
    readonly freezing: WraparoundRow | null;
  },
): readonly Explanation[] {
  const since = row.seconds === null ? "after its view of the data" : `in the last ${duration(row.seconds)}`;
  const because = `rows that died ${since} could still be seen by it`;
  const keys = held.map(tableKey);
  const indexes = (view.rows(postgresIndexBloatRows) ?? []).filter((index) => keys.includes(tableKey(index)));
  return [
    ...keys.flatMap((subject): Explanation[] => [
      { cause: "dead-tuples-behind", subject, because },
      { cause: "table-bloat", subject, because },
    ]),
    ...indexes.map(
      ({ schema, index }): Explanation => ({ cause: "index-bloat", subject: `${schema}.${index}`, because }),
    ),
    ...held.flatMap((table) => readsOf(view, table)),
    ...(freezing === null
      ? []
      : [
          {
            cause: "wraparound-risk" as const,
            subject: freezing.name,
            because: "rows newer than its horizon cannot be frozen",
          },
        ]),
  ];
}

/** Of all statement time; less is not what keeps the CPU busy. */
const substantialPercent = 20;

/** Where most of what there is to read is dead, whoever reads it wades through that. */
function readsOf(view: View, table: TableRow): readonly Explanation[] {
  if (!areMany(table)) return [];
  const because = `it reads ${tableKey(table)} past ${rounded(table.deadRows)} dead rows, with ${rounded(table.liveRows)} live ones`;
  const readers = (statementsOf(view) ?? []).filter(
    ({ query }) =>
      /^\s*[(\s]*(?:select|with|update|delete)\b/i.test(query ?? "") && mentions(query, table.table),
  );
  const dear = readers.filter(({ now }) => now.percentOfTime >= substantialPercent);
  return [
    // What has become slower did so as the rows piled up, however little of all time it is.
    ...readers.map(({ key }): Explanation => ({ cause: "query-regression", subject: key, because })),
    ...dear.map(({ key }): Explanation => ({ cause: "expensive-statement", subject: key, because })),
    ...(dear.length === 0 ? [] : [{ cause: "cpu-saturated" as const, because }]),
  ];
}
