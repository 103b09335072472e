import { expect, it } from "vitest";
import { dataCorruptionSuspected } from "../../../../functions/core/rules/integrity/data-corruption-suspected.ts";
import { lookedDeeper } from "../../../support/statement-builder.ts";

const row = {
  name: "customers",
  recorded: "57.1",
  actual: "153.80",
  indexes: 2,
  examples: ["public.logins_login_key", "public.logins_note"],
};
const told = (rows: readonly object[]) =>
  dataCorruptionSuspected.evaluate(lookedDeeper({ "postgres-collations": rows as (typeof row)[] }));

it("D4 indexes of another version of their collation are told, with what mends them and in which order", () => {
  const [finding] = told([row]);
  expect(finding).toMatchObject({ severity: "P2", nature: "chronic", actions: [] });
  expect(finding?.summary).toBe(
    "2 indexes may have been built by collation customers in version 57.1, and it sorts by 153.80 now: rows may not be found by them, and a unique key may be there twice (public.logins_login_key and public.logins_note)",
  );
  expect(finding?.evidence.map(({ says }) => says).join("\n")).toMatch(/REINDEX.*only then ALTER COLLATION/s);
});

it("D4 the database's own is refreshed as that, and none is told where none has changed", () => {
  const [finding] = told([{ ...row, name: "default" }]);
  expect(finding?.evidence.map(({ says }) => says).join("\n")).toContain(
    "ALTER DATABASE … REFRESH COLLATION",
  );
  expect(told([])).toEqual([]);
});
