import { describe, expect, it } from "vitest";
import type { MysqlTableAccess } from "../../../functions/core/plans/mysql-explain-json.ts";
import { doubtKey } from "../../../functions/core/plans/mysql-plan-suggestion.ts";
import { readMysqlPlan } from "../../../functions/core/plans/mysql-read-plan.ts";

const facts = {
  ...{ schema: "app", table: "docs" },
  columns: ["id", "tenant_id", "deleted_at", "ref", "made_at"].map((name) => ({ name, type: "int" })),
  indexes: [["id"], ["tenant_id", "deleted_at"]],
};
const lookUp = {
  ...{ table: "docs", access: "ref", rows: 20_000, possibleKeys: ["live"], key: "live", joinBuffer: false },
  ...{ keyParts: ["tenant_id", "deleted_at"], refs: ["const", "const"] },
  conditions: ["(`app`.`docs`.`ref` = 'or 1') and (`app`.`docs`.`deleted_at` is null)"],
};

function reading(access: Partial<MysqlTableAccess> = {}, more: object = {}, filesort = false) {
  const plan = { filesort, temporaryTable: false, dependent: false, cost: null };
  return readMysqlPlan(
    { ...plan, tables: [{ ...lookUp, ...access }] },
    {
      facts: new Map([["docs", facts]]),
      ...{ order: [], limited: false, folded: false, functional: false, usefulShare: 0.00005 },
      ...{ examinedPerCall: 19_687, ...more },
    },
  );
}

describe("a key that leaves thousands of rows of which one is used", () => {
  it("P33 wants an index that begins with what is tested on each of them", () => {
    const { problems, suggestions } = reading();
    expect(suggestions).toMatchObject([{ columns: ["ref", "tenant_id", "deleted_at"], narrows: "live" }]);
    expect(problems).toEqual([
      {
        ...{ kind: "wide-key", table: "app.docs" },
        detail:
          "index live (tenant_id, deleted_at) of app.docs leaves about 19687 rows a call, and ref is tested on each of them",
      },
    ]);
  });

  it("P33 wants the same where the key gives a range", () => {
    const range = {
      ...{ access: "range", key: "made", keyParts: ["made_at"], refs: [] },
      conditions: ["((`app`.`docs`.`ref` = '1') and (`app`.`docs`.`made_at` > 5))"],
    };
    expect(reading(range).suggestions).toMatchObject([{ columns: ["ref", "made_at"], narrows: "made" }]);
  });

  it.each([
    ["the key leaves few rows", reading({}, { examinedPerCall: 40 })],
    ["most of what it leaves is used", reading({}, { usefulShare: 0.9 })],
    ["how many are used is not known", reading({}, { usefulShare: null })],
    ["the rows are counted or summed", reading({}, { folded: true })],
    ["a LIMIT ends the search", reading({}, { limited: true })],
    ["all that is compared is in the key", reading({ conditions: ["`app`.`docs`.`deleted_at` is null"] })],
    [
      "a pattern may be what throws them away",
      reading({ conditions: ["(`app`.`docs`.`ref` = '1') and (`app`.`docs`.`made_at` like '%a')"] }),
    ],
    [
      "an alternative may be what throws them away",
      reading({ conditions: ["(`app`.`docs`.`ref` = '1') and ((`app`.`docs`.`id` = 1) or (1 = 2))"] }),
    ],
  ])("P33 wants none where %s", (_why, { problems, suggestions }) => {
    expect(suggestions).toEqual([]);
    expect(problems).toEqual([]);
  });
});

const doubt = { schema: "app", table: "docs", columns: ["ref"] };
const sampled = (share: number | null) => ({ shares: new Map([[doubtKey(doubt), share]]) });
const unlike = {
  conditions: ["((`app`.`docs`.`ref` = '1') and (`app`.`docs`.`made_at` <> 7))"],
};

/** A page of a list: it is found whole, sorted, and cut off. */
const page = (access: Partial<MysqlTableAccess>, more: object = {}) =>
  reading(access, { limited: true, order: ["id"], ...more }, true);

describe("a key that leaves thousands of rows, of which it is not counted what throws the others away", () => {
  it.each([
    ["a sort that a LIMIT cuts off", page],
    ["a condition beside it that no index serves", (access: object, more: object) => reading(access, more)],
  ])("P33 wants an index only where a sample proves that the column selects: %s", (_, read) => {
    expect(read(unlike, {})).toMatchObject({ suggestions: [], doubts: [doubt] });
    const proved = read(unlike, sampled(0.002));
    expect(proved).toMatchObject({
      suggestions: [{ columns: ["ref", "tenant_id", "deleted_at"], narrows: "live" }],
      doubts: [],
    });
    expect(proved.suggestions[0]?.why).toContain("0.2 % of the rows have one value of ref at most");
  });

  it.each([
    ["most rows have one value", sampled(0.4), "40 % of the rows have one value of ref"],
    ["no sample could be taken", sampled(null), "is not proved"],
  ])("P33 wants none where %s, and says so", (_why, shares, says) => {
    const { suggestions, problems } = page(unlike, shares);
    expect(suggestions).toEqual([]);
    expect(problems[0]).toMatchObject({ kind: "wide-key", detail: expect.stringContaining(says) });
  });

  it("P33 asks nothing of a column that no key takes", () => {
    const json = facts.columns.map((column) => ({ ...column, type: "json" }));
    const of = new Map([["docs", { ...facts, columns: json }]]);
    expect(page(unlike, { facts: of })).toMatchObject({ suggestions: [], doubts: [] });
  });
});

describe("a key whose rows are looked up in other tables, grouped and cut off, as a shop's plugin asks for a product", () => {
  const meta = {
    ...{ schema: "app", table: "docs", indexes: [["id"]] },
    columns: [
      { name: "id", type: "bigint" },
      { name: "ref", type: "varchar" },
      { name: "made_at", type: "longtext" },
    ],
  };
  const found = {
    ...{ access: "range", rows: 2, key: "ref", keyParts: ["ref"], refs: [] },
    conditions: ["docs.ref in ('1','2') and docs.made_at in ('1','2')"],
  };
  const post = {
    ...{ table: "posts", access: "eq_ref", rows: 1, possibleKeys: ["PRIMARY"], key: "PRIMARY" },
    ...{
      joinBuffer: false,
      keyParts: ["id"],
      refs: ["app.docs.id"],
      conditions: ["posts.kind in ('1','2')"],
    },
  };
  const asked = { schema: "app", table: "docs", columns: ["made_at"] };
  const joined = (other: Partial<MysqlTableAccess>, more: object = {}) =>
    readMysqlPlan(
      {
        ...{ filesort: true, temporaryTable: true, dependent: false, cost: null },
        tables: [
          { ...lookUp, ...found },
          { ...post, ...other },
        ],
      },
      {
        facts: new Map([["docs", meta]]),
        ...{ order: ["id"], limited: true, folded: true, functional: false, usefulShare: 0.00001 },
        ...{ examinedPerCall: 80_000, ...more },
      },
    );
  const shares = (share: number) => ({ shares: new Map([[doubtKey(asked), share]]) });

  it("P33 wants an index that takes a text by how it begins, where a sample proves that it selects", () => {
    expect(joined({})).toMatchObject({ suggestions: [], doubts: [asked] });
    const { suggestions } = joined({}, shares(0.01));
    expect(suggestions).toMatchObject([{ columns: ["ref", "made_at"], narrows: "ref" }]);
    expect(suggestions[0]?.createIndex).toContain("(`ref`, `made_at`(64)), ALGORITHM=INPLACE, LOCK=NONE");
    expect(joined({}, shares(0.4)).suggestions).toEqual([]);
  });

  it("P33 wants none where another table gives more than a row for each, or the rows are few", () => {
    expect(joined({ access: "ref" }, shares(0.01))).toMatchObject({ suggestions: [], doubts: [] });
    expect(joined({}, { ...shares(0.01), examinedPerCall: 15_000 })).toMatchObject({
      suggestions: [],
      doubts: [],
    });
  });
});

describe("a key that leaves thousands of rows, which are sorted for the first few", () => {
  const served = { conditions: ["(`app`.`docs`.`ref` = '1')"] };
  const byKey = { keyParts: ["tenant_id"], refs: ["const"] };
  const newest = { order: ["made_at"], usefulShare: 0.002 };

  it("P33 wants an index that finds them in that order, whatever the rows have in common", () => {
    const { suggestions, problems, doubts } = page({ ...served, ...byKey }, newest);
    expect(suggestions).toMatchObject([{ columns: ["tenant_id", "ref", "made_at"], narrows: "live" }]);
    expect(problems[0]?.detail).toContain(
      "leaves about 19687 rows a call, which are sorted for the first few",
    );
    expect(doubts).toEqual([]);
  });

  it("P33 wants the same where all that is compared is in the key", () => {
    const { suggestions } = page({ conditions: [] }, newest);
    expect(suggestions).toMatchObject([{ columns: ["tenant_id", "deleted_at", "made_at"] }]);
  });

  it.each([
    ["something else is tested on the way", page({ ...unlike, ...byKey }, newest)],
    ["several values are", page({ ...byKey, conditions: ["(`app`.`docs`.`ref` in (1,2))"] }, newest)],
    ["a range is", page({ ...byKey, conditions: ["(`app`.`docs`.`ref` > 5)"] }, newest)],
    ["they are ordered by an expression", page({ conditions: [] }, { ...newest, order: ["rank"] })],
    ["it would be too wide", page({ conditions: ["(`app`.`docs`.`ref` = '1')"] }, newest)],
    ["much of what is sorted is given", page({ conditions: [] }, { ...newest, usefulShare: 0.3 })],
    ["they are grouped", page({ conditions: [] }, { ...newest, folded: true })],
    ["nothing cuts it off", page({ conditions: [] }, { ...newest, limited: false })],
  ])("P33 wants none where %s", (_why, { suggestions }) => {
    expect(suggestions).toEqual([]);
  });
});
