import { describe, expect, it } from "vitest";
import { staleStatistics as rule } from "../../../../functions/core/rules/queries/stale-statistics.ts";
import { aDigest, lookedDeeper } from "../../../support/statement-builder.ts";

const query = "SELECT SUM(`b`.`total`) FROM `small` `s` JOIN `big` `b` ON `b`.`owner` = `s`.`id`";
const dear = { averageSessions: 3, callsPerSecond: 2, meanSeconds: 2, percentOfTime: 95 } as const;
const detail = "begins with the whole of shop.big, about 1 rows as the planner knows it";
const plan = {
  ...{ digest: "d1", schema: "shop", query, calls: 9, totalSeconds: 20, meanSeconds: 2 },
  ...{ rowsExamined: 189_432, rowsUsed: 1, status: "explained", reason: null, howToSee: null },
  ...{ cost: 0.7, spends: null, suggestions: [] },
  problems: [{ kind: "row-estimate", table: "shop.big", detail }],
};
const found = (now: Parameters<typeof aDigest>[0]) =>
  rule.evaluate(
    lookedDeeper(
      { "mysql-statement-digests": [aDigest({ query, ...now })], "mysql-plans": [plan] },
      { engine: "mysql" },
    ),
  );

describe("stale-statistics by what statements look at", () => {
  it("D4 tells the table that a plan takes for small, and explains the statement in general", () => {
    const [finding, ...more] = found({ now: dear });
    expect(more).toEqual([]);
    expect(finding).toMatchObject({
      subject: "shop.big",
      severity: "P2",
      actions: [{ id: "analyze-table" }],
    });
    expect(finding?.explains.map(({ cause }) => cause)).toContain("expensive-statement");
    expect(found({})[0]).toMatchObject({ severity: "P3" });
  });

  it("A7 names a table of a schema with a dot in its name", () => {
    const dotted = { ...plan, schema: "my.shop", problems: [{ ...plan.problems[0], table: "my.shop.big" }] };
    const [finding] = rule.evaluate(
      lookedDeeper(
        {
          "mysql-statement-digests": [aDigest({ query, schema: "my.shop", now: dear })],
          "mysql-plans": [dotted],
        },
        { engine: "mysql" },
      ),
    );
    expect(finding?.actions[0]?.preview).toContain("TABLE `my.shop`.`big`");
  });
});
