import { expect, it } from "vitest";
import { askFacts, knownTables } from "../../../../functions/core/probes/mysql/plans/known-tables.ts";

const asked = [{ tables: [{ alias: "t", schema: "shop", table: "items" }] }];
const server = { engine: "mysql", version: "8.4.0", major: 8, backendId: 7 } as const;
const part = { index_name: "i", non_unique: 1, sort_order: "A", expression: null, visible: 1 };

it.each([
  ["(a(10), b): none of b", [10, null], []],
  ["(a, b(10)): one of a", [null, 10], ["a"]],
  ["(a, b): one of both", [null, null], ["a", "b"]],
] as const)(
  "an index on parts of columns is known by what stands before the first: %s",
  (_what, lengths, columns) => {
    const count = askFacts(asked, server).length;
    const answers = [
      ...Array.from({ length: count - 4 }, () => []),
      [{ kind: "BASE TABLE" }],
      [],
      lengths.map((sub_part, at) => ({ ...part, column_name: "ab"[at] ?? "", sub_part })),
      [{ method: "LIST", expression: "`a`", description: "7,8", row_count: "40" }],
    ];
    const [known] = [...knownTables(asked, answers, server).values()];
    expect(known?.facts.indexes).toEqual([columns]);
    expect(known?.partition).toEqual({ column: "a", low: "7", high: null });
  },
);
