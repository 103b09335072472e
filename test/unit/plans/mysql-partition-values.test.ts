import { describe, expect, it } from "vitest";
import { statementOfDigest } from "../../../functions/core/plans/mysql-digest-statement.ts";
import { explainableMysql } from "../../../functions/core/plans/mysql-explainable.ts";
import { partitionValue } from "../../../functions/core/plans/mysql-partition-values.ts";

/** As information_schema.PARTITIONS has them: [what describes it, rows]. */
function largest(
  method: string | null,
  expression: string | null,
  parts: readonly [string | null, number][],
) {
  return partitionValue(parts.map(([description, rows]) => ({ method, expression, description, rows })));
}

describe("a value of a table's largest partition", () => {
  it.each([
    [
      largest("LIST", "`season`", [
        ["7", 10],
        ["8,9", 900],
      ]),
      { column: "season", low: "8", high: null },
    ],
    [
      largest("LIST COLUMNS", "`s`", [
        ["NULL,'it''s'", 5],
        ["'na'", 1],
      ]),
      { low: "'it''s'" },
    ],
    [
      largest("RANGE", "`n`", [
        ["100", 3],
        ["200", 50],
        ["300", 4],
      ]),
      { low: "100", high: "200" },
    ],
    [
      largest("RANGE", "`n`", [
        ["100", 90],
        ["200", 50],
      ]),
      { low: "99", high: "100" },
    ],
    [
      largest("RANGE COLUMNS", "`d`", [
        ["'2026-01-01'", 3],
        ["MAXVALUE", 50],
      ]),
      { low: "'2026-01-01'", high: null },
    ],
    [
      largest("RANGE", "to_days(`d`)", [
        ["10", 3],
        ["41", 50],
      ]),
      { low: "FROM_DAYS(10)", high: "FROM_DAYS(41)" },
    ],
    [
      largest("RANGE", "unix_timestamp(`t`)", [
        ["10", 3],
        ["MAXVALUE", 50],
      ]),
      { low: "FROM_UNIXTIME(10)" },
    ],
    [
      largest("RANGE", "year(`d`)", [
        ["2025", 3],
        ["2026", 50],
      ]),
      { low: "'2025-01-01'", high: "'2026-01-01'" },
    ],
    // Two parts of each, 60 rows against 50.
    [
      largest("RANGE", "`n`", [
        ["100", 50],
        ["100", 0],
        ["200", 30],
        ["200", 30],
      ]),
      { low: "100", high: "200" },
    ],
  ])("P33 is %j", (found, expected) => {
    expect(found).toMatchObject(expected);
  });

  it.each([
    largest(null, null, [[null, 900]]),
    largest("KEY", "`n`", [[null, 900]]),
    largest("HASH", "`n`", [[null, 900]]),
    largest("LIST COLUMNS", "`s`,`n`", [["('eu',1),('na',2)", 9]]),
    largest("RANGE COLUMNS", "`d`", [
      ["'2026-01-01'", 50],
      ["MAXVALUE", 3],
    ]),
    largest("RANGE", "`n` + 1", [
      ["100", 3],
      ["200", 5],
    ]),
    largest("RANGE", "`n`", [["100", 0]]),
    largest("LIST COLUMNS", "`s`", [["'a\\'); DROP'", 5]]),
    partitionValue([]),
  ])(
    "P33 is not known where any does, where several columns decide, or where none is read safely",
    (found) => {
      expect(found).toBeNull();
    },
  );
});

describe("a digest of a partitioned table as a statement", () => {
  const values = [{ column: "season", low: "8", high: "9" }];
  it.each([
    ["`s` . `season` = ? AND `b` = ?", "`s` . `season` = 8 AND `b` in ('1', '2')"],
    [
      "`season` >= ? AND `season` < ? AND `season_no` > ?",
      "`season` >= 8 AND `season` < 9 AND `season_no` > '1'",
    ],
    ["`my_season` = ?", "`my_season` in ('1', '2')"],
  ])("P33 is compared with what leads to its largest partition: %s", (condition, made) => {
    expect(
      explainableMysql(statementOfDigest(`SELECT \`a\` FROM \`t\` WHERE ${condition}`, values)),
    ).toMatchObject({
      kind: "yes",
      sql: `SELECT \`a\` FROM \`t\` WHERE ${made}`,
    });
  });
});
