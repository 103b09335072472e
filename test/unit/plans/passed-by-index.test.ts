import { describe, expect, it } from "vitest";
import { readMysqlPlan } from "../../../functions/core/plans/mysql-read-plan.ts";

const columns = ["id", "status", "name", "email"].map((name) => ({ name, type: "varchar" }));
const facts = { schema: "app", table: "members", columns, indexes: [["id"], ["status"]] };
const isActive = "(`app`.`members`.`status` = 'active')";

function detailOf(condition: string, joined = false): string {
  const one = { access: "ALL", possibleKeys: ["by_status"], key: null, joinBuffer: false, refs: [] };
  const members = { ...one, table: "members", rows: 40_000, conditions: [condition] };
  const orders = { ...one, table: "orders", rows: 10, conditions: [], access: "ref" };
  const { problems } = readMysqlPlan(
    {
      tables: joined ? [members, orders] : [members],
      ...{ filesort: false, temporaryTable: false, dependent: false, cost: 4000 },
    },
    {
      facts: new Map([["members", facts]]),
      ...{ order: [], limited: false, folded: false, functional: true, usefulShare: 0.0002 },
    },
  );
  return problems.map(({ detail }) => detail).join();
}

describe("an index that begins with the column that is compared, and is passed by", () => {
  it("D4 is so for the type of what it is compared with, where nothing else is tested", () => {
    expect(detailOf(isActive)).toContain("an index begins with status: most likely it is compared");
  });

  it.each([
    ["a pattern is tested, too", `(${isActive} and (\`app\`.\`members\`.\`name\` like '%smith%'))`],
    [
      "either of two others is",
      `(${isActive} and ((\`app\`.\`members\`.\`email\` = 'a') or (\`app\`.\`members\`.\`name\` = 'b')))`,
    ],
    ["another value is ruled out", `(${isActive} and (\`app\`.\`members\`.\`name\` <> 'x'))`],
  ])("D4 is passed by for most rows have that value where %s", (_name, condition) => {
    expect(detailOf(condition)).toContain("reads app.members whole");
    expect(detailOf(condition)).not.toContain("most likely");
  });

  it("D4 is nothing to tell where rows of another table throw its own away", () => {
    expect(detailOf(isActive, true)).not.toContain("most likely");
  });
});
