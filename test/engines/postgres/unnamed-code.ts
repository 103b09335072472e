import { probeLogin } from "./postgres-lab.ts";

/** Of a function that tells when it runs as the role that plans. */
export const body = `returns int language plpgsql immutable as $f$ begin
  if current_user = '${probeLogin.user}' then raise exception 'ran with our rights'; end if; return $1; end $f$`;
const text = body.replace("returns int", "returns boolean").replace("$1", "true");

/** What runs without a word of it: how it is made, dropped, and what it is called. */
export const unnamed = [
  [
    "an operator",
    `create function shop.evil(text, int) ${text}; create operator shop.~~ (leftarg=text, rightarg=int, function=shop.evil)`,
    "drop function shop.evil cascade",
    "operator shop.~~(text,integer)",
  ],
  [
    "a domain's condition",
    `create function shop.evil(text) ${text}; create domain shop.dom as text check (shop.evil(value))`,
    "drop domain shop.dom; drop function shop.evil",
    "type shop.dom",
  ],
  [
    "a range's difference",
    `create function shop.evil(int, int) ${body.replace("returns int", "returns float8")};
     create type shop.rng as range (subtype = int4, subtype_diff = shop.evil)`,
    "drop type shop.rng cascade; drop function shop.evil",
    "type shop.rng",
  ],
  [
    "a cast",
    `create type shop.e as enum ('a'); create function shop.evil(shop.e) ${body};
     create cast (shop.e as int) with function shop.evil(shop.e) as implicit`,
    "drop type shop.e cascade",
    "cast from shop.e to integer",
  ],
  [
    "an aggregate",
    `create function shop.evil(int, int) ${body}; create aggregate shop.agg (int) (sfunc = shop.evil, stype = int)`,
    "drop function shop.evil cascade",
    "function shop.agg(integer)",
  ],
  // Over what an extension of a superuser's brings, or the server itself, and whose argument names what it reads.
  [
    "an operator of what reads what it is told",
    "create operator shop.!~!~ (leftarg = text, rightarg = text, function = shop.st_findextent)",
    "drop operator shop.!~!~ (text, text)",
    "operator shop.!~!~(text,text)",
  ],
  [
    "an operator of the server's own that runs what it is told",
    "create operator shop.!~!~ (leftarg = tsquery, rightarg = text, function = ts_rewrite)",
    "drop operator shop.!~!~ (tsquery, text)",
    "operator shop.!~!~(tsquery,text)",
  ],
  [
    "an aggregate of what reads what it is told",
    "create aggregate shop.agg (text) (sfunc = shop.st_findextent, stype = text)",
    "drop aggregate shop.agg (text)",
    "function shop.agg(text)",
  ],
  [
    "a cast by what reads what it is told",
    "create cast (shop.pair as text) with function shop.st_paired(shop.pair)",
    "drop cast (shop.pair as text)",
    "cast from shop.pair to text",
  ],
  [
    "a range measured by what reads what it is told",
    "create type shop.rng as range (subtype = text, subtype_diff = shop.st_gap)",
    "drop type shop.rng cascade",
    "type shop.rng",
  ],
] as const;

const reads = "language plpgsql immutable strict as $f$ begin execute 'select 1'; return null; end $f$";
/** Whose argument names what they read: an extension's, for all that the server knows. */
export const ofExtension = `create type shop.pair as enum ('a'); alter type shop.pair owner to shop;
  create function shop.st_findextent(text, text) returns text ${reads};
  create function shop.st_gap(text, text) returns float8 ${reads};
  create function shop.st_paired(shop.pair) returns text ${reads};
  alter extension tablefunc add function shop.st_findextent(text, text);
  alter extension tablefunc add function shop.st_gap(text, text);
  alter extension tablefunc add function shop.st_paired(shop.pair)`;
