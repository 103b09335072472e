import { describe, expect, it } from "vitest";
import { doubtKey } from "../../../functions/core/plans/mysql-plan-suggestion.ts";
import { readMysqlPlan } from "../../../functions/core/plans/mysql-read-plan.ts";

const columns = ["id", "sender", "recipient", "folder", "sent_at"].map((name) => ({ name, type: "binary" }));
const facts = { schema: "app", table: "mails", columns, indexes: [["id"], ["sender", "sent_at"]] };
const doubt = { schema: "app", table: "mails", columns: ["recipient"] };
const sampled = (share: number | null) => ({ shares: new Map([[doubtKey(doubt), share]]) });
const either = "((`app`.`mails`.`sender` = 0x01) or (`app`.`mails`.`recipient` = 0x02))";

function reading(conditions: readonly string[], more: object = {}) {
  const access = { table: "mails", access: "ALL", rows: 60_000, possibleKeys: ["by_sender"], key: null };
  return readMysqlPlan(
    {
      tables: [{ ...access, joinBuffer: false, refs: [], conditions }],
      ...{ filesort: true, temporaryTable: false, dependent: false, cost: 6000 },
    },
    {
      facts: new Map([["mails", facts]]),
      ...{ order: ["sent_at"], limited: true, folded: false, functional: true, usefulShare: 0.0003 },
      ...more,
    },
  );
}

describe("rows that are wanted by one column or by another", () => {
  it("P33 wants an index for the side that has none, where a sample proves that it selects", () => {
    expect(reading([either])).toMatchObject({ suggestions: [], doubts: [doubt] });
    const [suggestion, ...more] = reading([either], sampled(0.001)).suggestions;
    expect(more).toEqual([]);
    expect(suggestion?.columns).toEqual(["recipient"]);
    expect(suggestion?.why).toContain("of the OR only the side of recipient has no index");
    expect(suggestion?.why).toContain("0.1 % of the rows have one value of recipient at most");
  });

  it("P33 needs no sample where the counters tell that next to nothing is used", () => {
    const counted = reading([either], { limited: false, order: [] });
    expect(counted).toMatchObject({ suggestions: [{ columns: ["recipient"] }], doubts: [] });
    const much = reading([either], { limited: false, order: [], usefulShare: 0.1 });
    expect(much).toMatchObject({ suggestions: [], doubts: [doubt] });
  });

  it.each([
    ["beside it", `(${either} and (\`app\`.\`mails\`.\`folder\` like '%x%'))`],
    [
      "within the side",
      "((`app`.`mails`.`sender` = 0x01) or ((`app`.`mails`.`recipient` = 0x02) and (`app`.`mails`.`folder` like '%x%')))",
    ],
    ["beside it, by XOR", `(${either} and ((\`app\`.\`mails\`.\`folder\` = 1) xor (1 = 2)))`],
  ])(
    "P33 takes the counters for no proof where something else may throw the rows away: %s",
    (_where, text) => {
      const counted = reading([text], { limited: false, order: [] });
      expect(counted).toMatchObject({ suggestions: [], doubts: [doubt] });
    },
  );

  it.each([
    ["both sides have their index", "((`app`.`mails`.`sender` = 0x01) or (`app`.`mails`.`id` = 0x02))"],
    ["neither side has one", "((`app`.`mails`.`folder` = 1) or (`app`.`mails`.`recipient` = 0x02))"],
    [
      "a side is no comparison of a column",
      "((`app`.`mails`.`sender` = 0x01) or (lower(`app`.`mails`.`recipient`) = 'a'))",
    ],
    [
      "a side is of another table",
      "((`app`.`mails`.`sender` = 0x01) or (`app`.`people`.`recipient` = 0x02))",
    ],
  ])(
    "P33 wants none where %s, and none of the order by which it is not known how far to go",
    (_why, text) => {
      expect(reading([text])).toMatchObject({ suggestions: [], doubts: [] });
    },
  );

  it("P33 takes the order alone where only negations are tested on the way, which leave most rows", () => {
    const alone = [{ columns: ["sent_at"] }];
    expect(reading(["(`app`.`mails`.`folder` <> 3)"]).suggestions).toMatchObject(alone);
    expect(reading(["(`app`.`mails`.`folder` is not null)"]).suggestions).toMatchObject(alone);
    expect(reading([]).suggestions).toMatchObject(alone);
    expect(reading(["(char_length(`app`.`mails`.`folder`) = 7)"]).suggestions).toEqual([]);
  });

  describe("behind the key of a tenant, which leaves thousands of rows of which next to none is used", () => {
    const keyed = {
      ...{ table: "mails", access: "ref", rows: 40_000, possibleKeys: ["PRIMARY"], key: "PRIMARY" },
      ...{ joinBuffer: false, keyParts: ["id"], refs: ["const"], conditions: [either] },
    };
    const behind = (more: object, access: object = {}, indexes = facts.indexes) =>
      readMysqlPlan(
        {
          tables: [{ ...keyed, ...access }],
          ...{ filesort: false, temporaryTable: false, dependent: false, cost: null },
        },
        {
          facts: new Map([["mails", { ...facts, indexes }]]),
          ...{ order: [], limited: false, folded: false, functional: false, usefulShare: 0.00001 },
          ...{ examinedPerCall: 72_000, ...more },
        },
      );

    it("P33 wants the same index where a sample of the table proves it: the counters are of the tenant's rows", () => {
      expect(behind({})).toMatchObject({ suggestions: [], doubts: [doubt], problems: [] });
      const [suggestion, ...others] = behind(sampled(0.001)).suggestions;
      expect(others).toEqual([]);
      expect(suggestion).toMatchObject({ columns: ["recipient"], narrows: "PRIMARY" });
      expect(suggestion?.why).toContain(
        "index PRIMARY (id) of app.mails leaves about 72000 rows a call, as of the OR only the side of recipient has no index",
      );
      expect(behind(sampled(0.6))).toMatchObject({ suggestions: [], problems: [{ kind: "wide-key" }] });
    });

    it("P33 wants none where an index has the side behind the tenant's key: a SELECT for each side finds it", () => {
      const composed = [...facts.indexes, ["id", "recipient"]];
      expect(behind(sampled(0.001), {}, composed)).toMatchObject({ suggestions: [], problems: [] });
    });

    it.each([{ examinedPerCall: 900 }, { usefulShare: 0.5 }, { usefulShare: null }, { limited: true }])(
      "P33 wants none where the key serves, or it is not known: %s",
      (more) => {
        expect(behind({ ...more, ...sampled(0.0001) })).toMatchObject({ suggestions: [], problems: [] });
      },
    );
  });
});
