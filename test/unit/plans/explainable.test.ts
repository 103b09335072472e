import { describe, expect, it } from "vitest";
import { explainable } from "../../../functions/core/plans/explainable.ts";

describe("what can be explained", () => {
  it.each([
    ["select * from t where a = $1;", "select * from t where a = $1", 1],
    ["delete from t where a = $3 returning id", "select 1 from t where a = $1", 1],
    ["DELETE FROM t USING u WHERE t.id = u.id", "select 1 FROM t , u WHERE t.id = u.id", 0],
    ["update t set a = $1, b = c is distinct from $2 where id = $3", "select 1 from t where id = $1", 1],
    ["update t x set a = u.a from u where u.id = x.id", "select 1 from t x , u where u.id = x.id", 0],
    ["select id from t for update skip locked", "select id from t", 0],
    [
      "select 1 from t where d > current_date - $1 and e < now()::date + $2 and f = d - $3 and g > current_date - $4::interval",
      "select 1 from t where d > current_date - $1::integer and e < now()::date + $2::integer and f = d - $3 and g > current_date - $4::interval",
      4,
    ],
    [
      "select now() - interval $1 from t where at > date $2",
      "select now() - $1::interval from t where at > $2::date",
      2,
    ],
    [
      "select id from (select id from t for no key update of t, s.u nowait limit 1) x",
      "select id from (select id from t limit 1) x",
      0,
    ],
    [
      "update t set a = $1 where id = (select id from t where s = $2 for update skip locked limit 1) returning *",
      "select 1 from t where id = (select id from t where s = $1 limit 1)",
      1,
    ],
    [
      "insert into t (a, b) select $1, $2 where not exists (select $3 from t where a = $1)",
      "select null, null where not exists (select $1 from t where a = $2)",
      2,
    ],
    [
      "insert into t select a, lower($1) from u on conflict (a) do update set b = excluded.b returning a",
      "select a, lower($1) from u",
      1,
    ],
    ["insert into t (select a from u where b = $1)", "select a from u where b = $1", 1],
    ["insert into t with x as (select 1) select * from x", "with x as (select 1) select * from x", 0],
    [
      "with gone as (delete from t where a < $1 returning *) insert into u select * from gone",
      "with gone as (select * from t where a < $1 ) select * from gone",
      1,
    ],
    [
      "with x as (update t set a = $1 from u where u.id = t.id returning t.id) select count(*) from x",
      "with x as (select t.id from t , u where u.id = t.id ) select count(*) from x",
      0,
    ],
    [
      "merge into t using u on t.id = u.id and u.at > $1 when matched then update set a = u.a when not matched then insert values (u.id)",
      "select 1 from u left join t on t.id = u.id and u.at > $1",
      1,
    ],
    [
      "create table x with (fillfactor = 70) as select a from t where b = $1 with no data",
      "select a from t where b = $1",
      1,
    ],
    ["copy (select a from t where b = $1) to stdout", "select a from t where b = $1", 1],
    ["declare c cursor for select a from t order by b", "select a from t order by b", 0],
    ["/* hi */ with x as (select 1) select * from x -- end", "with x as (select 1) select * from x", 0],
  ])("P16 turns %s into a SELECT", (text, sql, parameters) => {
    const result = explainable(text);

    if (result.kind === "no") throw new Error(result.reason);
    expect([result.sql.replace(/\s+/g, " "), result.parameters]).toEqual([sql, parameters]);
  });

  it.each([
    "select 1; drop table t",
    "select 'cut off",
    'select "cut off',
    "select (1",
    "insert into t values ($1)",
    "insert into t default values",
    "with x as (select 1) insert into t values (1)",
    "copy t from stdin",
    "create index on t (a)",
    "create table t (a int)",
    "merge into t",
    "begin",
    "do $$ begin end $$",
    "explain analyze delete from t",
    "",
    ";",
    `select ${"x".repeat(20_001)}`,
    "select $tag$ never ends",
    'select U&"\\006fwn"(1)',
    "select only€(1)",
    "select a\u00a0b(1)",
  ])("P16 leaves alone %s", (text) => {
    expect(explainable(text).kind).toBe("no");
  });

  it("P16 names every word that could be a function or a view", () => {
    const result = explainable("select f(a), \"G h\"(1) from s.V where b = 'nothing here'");

    expect(result.kind === "yes" && result.words).toEqual([
      "select",
      "f",
      "a",
      "G h",
      "from",
      "s",
      "v",
      "where",
      "b",
    ]);
  });
});
