import { expect, it } from "vitest";
import { neverAloneTarget } from "../../../functions/core/text/never-alone.ts";

const idle = {
  state: "idle-in-transaction",
  waitEvent: "Client/ClientRead",
  application: "checkout",
} as const;
const kindOf = (query: string | null, rest: object = {}) =>
  neverAloneTarget({ ...idle, query, ...rest })?.kind ?? null;

it.each([
  "select id from jobs where state = 'new' limit 1 for update skip locked",
  "SELECT 1 FROM t FOR SHARE NOWAIT",
  "begin; select pg_export_snapshot()",
  "SET TRANSACTION SNAPSHOT ?",
  "START TRANSACTION WITH CONSISTENT SNAPSHOT",
  "fetch 100 from c",
  "/* page 2 */ declare c cursor with hold for select 1",
  `select ${"a, ".repeat(400)} b from t`,
])("A40 the client of an idle session works elsewhere after: %s", (query) => {
  expect(kindOf(query)).toBe("works-elsewhere");
  expect(kindOf(query, { state: "active", waitEvent: null })).toBeNull();
});

it("A40 the far half of another server's transaction is a person's, at work or idle", () => {
  expect(kindOf("update t set v = $1", { application: "postgres_fdw" })).toBe("works-elsewhere");
  expect(kindOf("update t set v = $1", { application: "postgres_fdw", state: "active" })).toBe(
    "works-elsewhere",
  );
});

it("A40 words within a literal or a comment say nothing", () => {
  for (const query of ["update t set v = 'skip locked'", "update t set v = 1 /* nowait */", "select 1", null])
    expect(kindOf(query)).toBeNull();
});
