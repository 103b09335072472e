import { expect, it } from "vitest";
import { neverAloneTarget } from "../../../functions/core/text/never-alone.ts";
import { normaliseQuery } from "../../../functions/core/text/normalise-query.ts";

it("A40 what MySQL and MariaDB run of a comment is no comment", () => {
  const lease = "select id from jobs limit 1 for update /*!80001 skip locked */ -- worker";
  expect(normaliseQuery(lease, "mysql")).toMatch(/for update skip locked$/i);
  expect(normaliseQuery("SELECT 1 /*M!100100 + 2 */ /* note */", "mariadb")).toBe("SELECT ? + ?");
  expect(normaliseQuery("select 2 /*!80001 nowait */", "postgres")).not.toContain("nowait");
});

it.each([
  "select * from t into outfile '/tmp/t'",
  "SELECT a INTO DUMPFILE 'x' FROM t",
  "SELECT lambda_sync('arn', '{}')",
])("A40 what no rollback undoes is a person's: %s", (query) => {
  expect(neverAloneTarget({ state: "idle-in-transaction", waitEvent: null, query })?.kind).toBe(
    "works-elsewhere",
  );
});
