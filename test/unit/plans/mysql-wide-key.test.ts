import { describe, expect, it } from "vitest";
import type { MysqlTableAccess } from "../../../functions/core/plans/mysql-explain-json.ts";
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

function reading(access: Partial<MysqlTableAccess> = {}, more: object = {}) {
  const plan = { filesort: false, temporaryTable: false, dependent: false, cost: null };
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
