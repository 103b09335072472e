import { describe, expect, it } from "vitest";
import { expensiveStatement } from "../../../../functions/core/rules/queries/expensive-statement.ts";
import { aDigest, lookedDeeper } from "../../../support/statement-builder.ts";

const digest = aDigest({
  query: "SELECT `id` FROM `contacts` WHERE `phone` = ?",
  now: {
    callsPerSecond: 34,
    averageSessions: 3.5,
    meanSeconds: 0.1,
    percentOfTime: 94,
    rowsExaminedPerSecond: 6.9e6,
  },
  sinceStart: { calls: 282, totalSeconds: 43, meanSeconds: 0.15, rowsExamined: 56_400_000, rowsSent: 282 },
});
const told = (detail: string) =>
  expensiveStatement.evaluate(
    lookedDeeper(
      {
        "mysql-statement-digests": [digest],
        "mysql-plans": [
          {
            ...{ digest: digest.digest, schema: digest.schema, query: digest.query, calls: 251 },
            ...{
              totalSeconds: 40,
              meanSeconds: 0.16,
              rowsExamined: 200_000,
              rowsUsed: 1,
              status: "explained",
            },
            ...{ reason: null, howToSee: null, cost: 13_676, spends: null, suggestions: [] },
            problems: [{ kind: "full-scan", table: "shop.contacts", detail }],
          },
        ],
      },
      { engine: "mysql" },
    ),
  )[0];

describe("a statement that passes by an index on what it compares", () => {
  it("D4 is as bad as one that lacks it, though others use that index, and is told what would change it", () => {
    const finding = told(
      "reads shop.contacts whole, about 128035 rows: not by by_phone; an index begins with phone: most likely it is compared with another type or collation, a number with text",
    );
    expect(finding).toMatchObject({ severity: "P2", actions: [] });
    expect(finding?.evidence.at(-1)?.says).toContain(
      "what would change it: the value sent in the column's own type",
    );
  });

  it("D4 is a note where nothing of the kind is seen, and nothing suffers", () => {
    expect(told("reads shop.contacts whole, about 128035 rows")?.severity).toBe("P3");
  });
});
