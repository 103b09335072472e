import { describe, expect, it } from "vitest";
import { mainTable, oneStatement } from "../../../functions/core/text/main-table.ts";

describe("the table that a statement is about", () => {
  it.each([
    ['SELECT "id" FROM "job_executions" WHERE "project_id" = $1', "job_executions"],
    ["SELECT o.* FROM public.orders o, items i WHERE i.o = o.id", "public.orders"],
    [
      "SELECT COUNT ( * ) AS `c` FROM ( SELECT DISTINCTROW `id_0` FROM ( SELECT `q` . `id` FROM `forum` . `question` `q` ) `r` ) `t`",
      "forum.question",
    ],
    ["SELECT extract(day FROM o.made_at), substring(o.code FROM $1) FROM orders o", "orders"],
    ["SELECT a IS DISTINCT FROM b, ' from x' FROM orders", "orders"],
    [
      "WITH RECURSIVE branch AS (SELECT n FROM nodes UNION ALL SELECT n FROM branch) SELECT * FROM branch",
      "nodes",
    ],
    ["UPDATE `icinga_downtimehistory` SET `was_started` = ? WHERE `id` = ?", "icinga_downtimehistory"],
    ["DELETE FROM audit_event WHERE id IN (SELECT id FROM other)", "audit_event"],
    ["INSERT INTO totals SELECT a, sum(b) FROM sales GROUP BY a", "totals"],
  ])("D2 %s", (query, table) => {
    expect(mainTable(query)).toBe(table);
    expect(oneStatement(query)).toBe(`One statement on ${table}`);
  });

  it.each([
    null,
    "",
    "CALL nightly(?)",
    "SELECT $1",
    "SELECT ts_rank(a FROM b)",
    "SELECT * FROM (VALUES ($1)) v",
  ])("D2 names none in %s", (query) => {
    expect(oneStatement(query)).toBe("One statement");
  });
});
