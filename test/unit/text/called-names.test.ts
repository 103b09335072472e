import { expect, it } from "vitest";
import { calledIn, pairsIn } from "../../../functions/core/text/called-names.ts";
import { namesIn } from "../../../functions/core/text/server-names.ts";

it.each([
  ["postgres", "select only€(1)"],
  ["postgres", "select nb\u00a0(1)"],
  ["postgres", 'select U&"\\0061"(1)'],
  ["mysql", "SELECT app.only€(1)"],
  ["mysql", "SELECT app.$f(1)"],
  ["mariadb", "SELECT app.1f(1)"],
  ["mysql", "SELECT app . 1f (1)"],
] as const)("A40 no name is told of a statement of %s that the server reads otherwise: %s", (engine, sql) => {
  expect(calledIn(sql, engine)).toBeNull();
});

it.each([
  ["mysql", "SELECT `app`.`$f`(1)", [["app", "$f"]]],
  ["mysql", 'SELECT "app".f(1)', [["''", "f"]]],
  ["mysql", 'SELECT app."f"(1)', [["app", "''"]]],
  ["mysql", "SELECT lower('größe'), 1.5e3, 0x1f", [[null, "lower"]]],
  ["postgres", "select lower(E'größe'), 'v€', $$v€$$", [[null, "lower"]]],
  [
    "postgres",
    'select "Größe".GRÖSSE(1)',
    [
      ["Größe", "grÖsse"],
      ["Größe", "grösse"],
    ],
  ],
] as const)("A40 of %s, %s calls what the server takes it for", (engine, sql, names) => {
  expect(calledIn(sql, engine)).toEqual(names);
});

it("A40 a view with a letter that is none here is no pair, and a long name is cut as the server cuts it", () => {
  expect(pairsIn("select v from public.v€")).toBeNull();
  expect(namesIn(`${"ä".repeat(31)}bc`)).toEqual([`${"ä".repeat(31)}b`]);
});
