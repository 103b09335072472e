import { expect, it } from "vitest";
import { historyFromOutside } from "../../../../functions/core/rules/vacuum/outside-history-draft.ts";
import { metricView } from "../../../support/metric-scene.ts";

/** Beside a list that grows, one statement by Performance Insights. */
function told(name: string, load = 1): string | undefined {
  const view = metricView({
    engine: "mysql",
    values: {
      RollbackSegmentHistoryListLength: Array.from({ length: 60 }, (_, at) => 200_000 + 20_000 * at),
    },
    context: {
      load: [
        { by: "statement", items: [{ name, id: null, load, waits: [] }] },
        { by: "wait-event", items: [{ name: "CPU", id: null, load: 10, waits: [] }] },
      ],
    },
  });
  return historyFromOutside(view)[0]?.summary;
}

const columns = "SELECT `id` , `customer` , `state` FROM `orders` AS `o`".padEnd(495, "x");

it("D3 a read of a whole table is named as who may hold the history back", () => {
  expect(told("SELECT * FROM `orders`")).toMatch(
    /whose it is could not be seen, perhaps that of SELECT \* FROM `orders`, which seems to read a whole table \(1 of its sessions at a time\)$/,
  );
  expect(told("/* export */ SELECT `id` , `total` FROM `shop` . `orders`")).toContain("perhaps that of");
});

it.each([
  ["a text that was cut before what it picks", columns],
  [
    "a join",
    "SELECT `o` . `id` FROM `orders` AS `o` INNER JOIN `shops` AS `s` ON `o` . `id` = ? AND `s` . `id` = ?",
  ],
  ["one of no table", "SELECT ROW_COUNT ( ) , LAST_INSERT_ID ( ) FROM DUAL"],
  ["one of a queue", "SELECT * FROM `jobs` FOR SHARE SKIP LOCKED"],
  ["one of the server's own tables", "SELECT NAME , COUNT FROM `information_schema` . `INNODB_METRICS`"],
  ["one with a condition", "SELECT * FROM `orders` WHERE `id` = ?"],
])("D7 %s is not", (_, name) => {
  expect(told(name)).toMatch(/whose it is could not be seen$/);
});

it("D7 one that seldom runs is not", () => {
  expect(told("SELECT * FROM `orders`", 0.2)).toMatch(/whose it is could not be seen$/);
});
