import { describe, expect, it } from "vitest";
import { mysqlNeeds } from "../../../functions/core/facts/mysql-index-need.ts";
import { aDigest, busy, lookedDeeper } from "../../support/statement-builder.ts";

const digest = aDigest({
  query:
    "SELECT `o` . `id` FROM `c` JOIN `o` ON `o` . `customer_id` = `c` . `id` WHERE `c` . `email` = ? ORDER BY `o` . `id`",
  now: { ...busy, rowsExaminedPerSecond: 480_000, rowsSentPerSecond: 80 },
  sinceStart: { calls: 100, rowsExamined: 6_000_000, rowsSent: 1900, noIndexUsed: 0, fullScans: 0 },
});
const suggestion = {
  ...{ schema: "shop", table: "o", columns: ["customer_id"], why: "about 60000 rows are read each time" },
  createIndex:
    "ALTER TABLE `shop`.`o` ADD INDEX `o_customer_id` (`customer_id`), ALGORITHM=INPLACE, LOCK=NONE",
};
const plan = (suggestions: (typeof suggestion)[]) => ({
  ...{ digest: "d1", schema: "shop", query: digest.query, calls: 100, totalSeconds: 20, meanSeconds: 0.2 },
  ...{ rowsExamined: 60_000, rowsUsed: 19, status: "explained", reason: null, howToSee: null, cost: 5000 },
  ...{ problems: [], suggestions },
});
const needsWith = (plans: ReturnType<typeof plan>[]) =>
  mysqlNeeds(
    lookedDeeper({ "mysql-statement-digests": [digest], "mysql-plans": plans }, { engine: "mysql" }),
  );

describe("an index that MySQL statements want", () => {
  it("D4 is told by the plan of a table read whole in the order of its key, which no counter tells", () => {
    expect(needsWith([plan([suggestion])])).toMatchObject([{ table: "shop.o", columns: ["customer_id"] }]);
  });

  it("D4 is not told by the rows alone: without a plan, or with one that wants none, nobody knows what for", () => {
    expect(needsWith([])).toEqual([]);
    expect(needsWith([plan([])])).toEqual([]);
  });

  const by = (query: string) =>
    mysqlNeeds(
      lookedDeeper(
        {
          "mysql-statement-digests": [
            { ...digest, query, sinceStart: { ...digest.sinceStart, noIndexUsed: 100 } },
          ],
        },
        { engine: "mysql" },
      ),
    ).map(({ columns }) => columns);

  it.each([
    "SELECT `id` , ABS ( `lat` - ? ) AS `km` FROM `points` WHERE `open_now` = ? HAVING `km` < ? ORDER BY `km` LIMIT ?",
    "SELECT `id` FROM `points` WHERE `open_now` = ? ORDER BY ABS ( `lat` ) LIMIT ?",
    "SELECT COUNT ( * ) FROM `points` WHERE `open_now` = ?",
    "SELECT `area` , MAX ( `lat` ) FROM `points` WHERE `open_now` = ? GROUP BY `area`",
  ])("D4 is not told by the text of what gives fewer rows than it finds, without a plan: %s", (query) => {
    expect(by(query)).toEqual([]);
    expect(by("SELECT `id` FROM `points` WHERE `open_now` = ?")).toEqual([["open_now"]]);
  });
});
