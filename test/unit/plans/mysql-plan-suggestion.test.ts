import { describe, expect, it } from "vitest";
import { doubtKey } from "../../../functions/core/plans/mysql-plan-suggestion.ts";
import { readMysqlPlan } from "../../../functions/core/plans/mysql-read-plan.ts";
import { askShare, sharesOf } from "../../../functions/core/probes/mysql/plans/shares.ts";

const columns = ["id", "open_now", "region", "day", "price"].map((name) => ({ name, type: "int" }));
const facts = { schema: "app", table: "points", columns, indexes: [["id"]] };
const doubt = { schema: "app", table: "points", columns: ["open_now"] };

function reading(more: object = {}, conditions = ["(`app`.`points`.`open_now` = 1)"]) {
  const access = { table: "points", access: "ALL", rows: 40_000, possibleKeys: [], key: null };
  return readMysqlPlan(
    {
      tables: [{ ...access, joinBuffer: false, refs: [], conditions }],
      ...{ filesort: true, temporaryTable: false, dependent: false, cost: 4000 },
    },
    {
      facts: new Map([["points", facts]]),
      ...{ order: ["km"], limited: true, folded: false, functional: true, usefulShare: 0.0002 },
      ...more,
    },
  );
}
const sampled = (share: number | null, of = doubt) => ({ shares: new Map([[doubtKey(of), share]]) });

describe("an index for a statement whose counters do not tell how many rows its conditions leave", () => {
  it.each([
    ["ordered by an expression and cut by a LIMIT", {}],
    ["ordered by a column that no condition's index would go on with", { order: [] }],
    ["counted", { limited: false, folded: true, order: [] }],
    ["grouped by a column", { limited: false, folded: true, order: ["day"] }],
  ])("P33 is proposed only after a look at the values: %s", (_, context) => {
    const { suggestions, doubts } = reading(context);
    expect(suggestions).toEqual([]);
    expect(doubts).toEqual([doubt]);
  });

  it("P33 is not proposed where one value fills the table, and that is said", () => {
    const { suggestions, doubts, problems } = reading(sampled(0.9));
    expect([suggestions, doubts]).toEqual([[], []]);
    expect(problems[0]?.detail).toContain(
      "of a sample at both ends of the table 90 % of the rows have one value of open_now, so that an index on it may select nothing, and none is proposed",
    );
    expect(reading(sampled(0.06)).suggestions).toEqual([]);
  });

  it("P33 is not proposed where no sample could be taken", () => {
    const { suggestions, problems } = reading(sampled(null));
    expect(suggestions).toEqual([]);
    expect(problems[0]?.detail).toContain("is not proved, and none is proposed");
  });

  it("P33 is proposed where no value has many rows", () => {
    const [suggestion] = reading(sampled(0.004)).suggestions;
    expect(suggestion?.columns).toEqual(["open_now"]);
    expect(suggestion?.why).toContain("0.4 % of the rows have one value of open_now at most");
  });

  it("P33 takes no order that goes on behind a condition which it does not serve", () => {
    const price = { order: ["price"] };
    expect(reading(price).suggestions).toMatchObject([{ columns: ["open_now", "price"] }]);
    const far = ["((`app`.`points`.`open_now` = 1) and (acos(`app`.`points`.`day`) < 1))"];
    expect(reading(price, far).suggestions).toEqual([]);
    expect(reading(price, far).doubts).toEqual([doubt]);
  });

  it("P33 takes no range, which may leave most of the rows, for the order beside it", () => {
    expect(reading({ order: ["price"] }, ["(`app`.`points`.`day` > 5)"]).suggestions).toEqual([]);
    const both = ["((`app`.`points`.`region` = 4) and (`app`.`points`.`day` > 5))"];
    const region = { ...doubt, columns: ["region"] };
    expect(reading({ order: ["price"] }, both).doubts).toEqual([region]);
    expect(reading(sampled(0.01, region), both).suggestions).toMatchObject([{ columns: ["region", "day"] }]);
  });

  it("P33 needs no sample where the range is the order: the first rows in it are those that are wanted", () => {
    const due = ["((`app`.`points`.`region` = 4) and (`app`.`points`.`day` <= now()))"];
    expect(reading({ order: ["day"] }, due)).toMatchObject({
      suggestions: [{ columns: ["region", "day"] }],
      doubts: [],
    });
    const beside = [
      "((`app`.`points`.`region` = 4) and (`app`.`points`.`day` <= now()) and (`app`.`points`.`price` like '%9'))",
    ];
    expect(reading({ order: ["day"] }, beside).suggestions).toEqual([]);
    expect(reading({ order: ["day"], limited: false, folded: true }, due).suggestions).toEqual([]);
    // MariaDB walks back from the end of all that have the value.
    expect(reading({ order: ["day"], descending: true }, due).suggestions).toEqual([]);
  });

  it("P33 of a list of values each has an order of its own, and what is in no key is looked up for each row", () => {
    const list = ["((`app`.`points`.`region` in (4,5)) and (`app`.`points`.`open_now` = 1))"];
    expect(reading({ order: ["price"] }, list).suggestions).toEqual([]);
    const text = { ...facts, columns: [...columns, { name: "note", type: "text" }] };
    const beside = ["((`app`.`points`.`region` = 4) and (`app`.`points`.`note` = 'nope'))"];
    const known = { order: ["price"], facts: new Map([["points", text]]) };
    expect(reading(known, beside).suggestions).toEqual([]);
  });

  it("P33 needs no sample where the counters tell that few rows are left", () => {
    const { suggestions, doubts } = reading({ limited: false, order: [] });
    expect(suggestions).toMatchObject([{ columns: ["open_now"] }]);
    expect(doubts).toEqual([]);
  });
});

describe("an index whose proof is not in the counters", () => {
  const counted = { limited: false, order: [] };

  it("P33 is proposed after a look at the values where what no index tests may throw the rows away", () => {
    const like = ["((`app`.`points`.`open_now` = 1) and (`app`.`points`.`region` like '%x%'))"];
    expect(reading(counted, like)).toMatchObject({ suggestions: [], doubts: [doubt] });
    expect(reading({ ...counted, ...sampled(0.9) }, like).suggestions).toEqual([]);
    expect(reading({ ...counted, ...sampled(0.001) }, like).suggestions).toMatchObject([
      { columns: ["open_now"] },
    ]);
  });

  it("P33 is none on an expression beside what no index tests: no sample tells how many rows it leaves", () => {
    const alone = ["(lower(`app`.`points`.`region`) = 'x')"];
    expect(reading(counted, alone).suggestions).toHaveLength(1);
    const like = ["((lower(`app`.`points`.`region`) = 'x') and (`app`.`points`.`day` like '%x%'))"];
    expect(reading(counted, like).suggestions).toEqual([]);
  });

  it("P33 has of a text how it begins only where many do not begin alike", () => {
    const text = { ...facts, columns: [...columns, { name: "url", type: "text" }] };
    const known = { ...counted, facts: new Map([["points", text]]) };
    const url = { ...doubt, columns: ["url"] };
    const equal = ["(`app`.`points`.`url` = 'https://x')"];
    expect(reading(known, equal)).toMatchObject({ suggestions: [], doubts: [url] });
    expect(reading({ ...known, ...sampled(0.7, url) }, equal).suggestions).toEqual([]);
    const [suggestion] = reading({ ...known, ...sampled(0.001, url) }, equal).suggestions;
    expect(suggestion?.createIndex).toContain("(`url`(64))");
  });
});

describe("the sample of a column's values", () => {
  const known = { view: false, contested: false, partition: null, facts };

  it("P33 looks at so many rows at each end of the table and no more", () => {
    const { sql } = askShare(doubt, { ...known, first: "id" });
    expect(sql.match(/FORCE INDEX \(PRIMARY\) ORDER BY `id` (?:ASC|DESC) LIMIT 1000\)/g)).toHaveLength(2);
    expect(sql).toContain("GROUP BY side, `open_now`");
    const text = { ...known.facts, columns: [{ name: "open_now", type: "mediumtext" }] };
    expect(askShare(doubt, { ...known, first: "id", facts: text }).sql).toContain(
      "LEFT(`open_now`, 64) AS `open_now` FROM",
    );
  });

  it("P33 is not taken without a primary key, whose rows would have to be sorted first", () => {
    expect(askShare(doubt, { ...known, first: null }).sql).toBe("DO 0");
    expect(askShare(doubt, undefined).sql).toBe("DO 0");
  });

  it("P33 is worth nothing when it failed or the table is small", () => {
    const shareFor = (row: object) => sharesOf([doubt], [[{ ...row }]]).get(doubtKey(doubt));
    expect(shareFor({ most: "40", looked: "2000", leads: "3", others: "1" })).toBe(0.04);
    // The first rows and the last of a key that begins with the tenant are of two tenants.
    expect(shareFor({ most: "40", looked: "2000", leads: "2", others: "1" })).toBeNull();
    expect(shareFor({ most: "40", looked: "2000", leads: "2", others: "0" })).toBe(0.04);
    expect(shareFor({ most: "40", looked: "1200", leads: "3", others: "1" })).toBeNull();
    expect(shareFor({ failed: "denied" })).toBeNull();
    expect(sharesOf([doubt], []).get(doubtKey(doubt))).toBeNull();
  });
});
