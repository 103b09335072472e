import { describe, expect, it } from "vitest";
import type { MysqlTableAccess } from "../../../functions/core/plans/mysql-explain-json.ts";
import { readMysqlPlan } from "../../../functions/core/plans/mysql-read-plan.ts";

const facts = {
  ...{ schema: "app", table: "entries" },
  columns: ["id", "owner_id", "made_at"].map((name) => ({ name, type: "int" })),
  indexes: [["id"], ["made_at"]],
};
const walk = {
  ...{ table: "entries", access: "index", rows: 10, possibleKeys: [], key: "ix_made", joinBuffer: false },
  conditions: ["entries.owner_id = 7"],
};

function reading(examinedPerCall: number, access: Partial<MysqlTableAccess> = {}, more: object = {}) {
  const plan = { filesort: false, temporaryTable: false, dependent: false, cost: null };
  return readMysqlPlan(
    { ...plan, tables: [{ ...walk, ...access }] },
    {
      facts: new Map([["entries", facts]]),
      ...{ order: ["made_at"], limited: true, folded: false, functional: false, usefulShare: 0.001 },
      ...{ examinedPerCall, ...more },
    },
  );
}

describe("an index that is walked until a LIMIT is full", () => {
  it("P33 is judged by how far it was walked, and wants an index that finds and orders", () => {
    const { problems, suggestions } = reading(42_000);
    expect(suggestions).toMatchObject([{ columns: ["owner_id", "made_at"] }]);
    expect(problems).toMatchObject([{ kind: "full-scan", detail: expect.stringContaining("42000 rows") }]);
  });

  it.each([
    ["it finds its rows soon", reading(40)],
    ["nothing limits it", reading(42_000, {}, { limited: false })],
    ["it is looked up by", reading(42_000, { access: "ref" })],
    ["it gives groups", reading(42_000, {}, { folded: true })],
    ["it only orders", reading(42_000, { conditions: [] })],
  ])("P33 wants none where %s", (_why, { suggestions }) => {
    expect(suggestions).toEqual([]);
  });
});
