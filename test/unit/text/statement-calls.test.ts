import { expect, it } from "vitest";
import { callsOnlyHarmless } from "../../../functions/core/text/statement-calls.ts";

it.each([
  "select rebuild_all(?)",
  'select * from "Ops".rebuild()',
  "select a, f(b) from t",
  "select count(f(id)) from t",
  "with a as (select send(id) from q) select * from a",
  "select ops.count(1)",
  "select pg_sleep(5)",
  "select log('started')",
  "select f (1)",
  "insert into orders (id) values (next_number(1))",
])("A40 what is called may be anybody's own: %s", (query) => {
  expect(callsOnlyHarmless(query)).toBe(false);
});

it.each([
  "select count(*) from generate_series(1, 10)",
  "select a.id, (select max(b.v) from b) from a where a.id in (1, 2) and (a.v > 3)",
  "SELECT COALESCE(SUM(v), 0), 'f(x)' FROM t GROUP BY DATE_TRUNC('year', at)",
  'insert into shop."Orders" (id, note) values (1, upper($1)) on conflict (id) do update set note = excluded.note',
  "select pg_backend_pid() as pid, nextval('s')",
])("A40 what only computes is known: %s", (query) => {
  expect(callsOnlyHarmless(query)).toBe(true);
});
