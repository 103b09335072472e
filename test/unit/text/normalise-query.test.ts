import { describe, expect, it } from "vitest";
import type { SqlDialect } from "../../../functions/core/text/lex-sql.ts";
import { hasComment, normaliseQuery, shownQuery } from "../../../functions/core/text/normalise-query.ts";

/** Each statement hides the word or number that must not come out. */
const corpus: [SqlDialect, string][] = [
  ["postgres", "select * from users where email = 'sEcReT'"],
  ["postgres", "select 'it''s sEcReT', E'\\' sEcReT', U&'sEcReT', x'424242', B'1'"],
  ["postgres", "do $body$ begin perform 'sEcReT'; end $body$; select $$ sEcReT $$, $1"],
  ["postgres", "insert into t values (1, 424242, 'sEcReT'), (2, 4.24242e-5, 'sEcReT') -- sEcReT"],
  ["postgres", "/* outer /* sEcReT */ sEcReT */ update t set a = 0x424242 where b in (1, 2, 424242)"],
  ["postgres", 'alter role shop password \'sEcReT\'; select "kept"."na""me" from a$b where c > .424242'],
  ["mysql", "select \"sEcReT\", 'it\\'s sEcReT', _utf8mb4'sEcReT', 0x424242 # sEcReT"],
  ["mysql", "select `kept` from t where a = 'sEcReT\\\\' and b = 'sEcReT' -- sEcReT\n and c = 424242"],
  ["mysql", "/*!80000 set x = 'sEcReT' */ /*+ sEcReT */ select 1"],
  ["mariadb", "create user a identified by 'sEcReT'; set password = \"sEcReT\""],
];

describe("normaliseQuery", () => {
  it.each(corpus)("C3 keeps no literal of a statement, however it is cut (%s) %s", (dialect, sql) => {
    for (let length = 0; length <= sql.length; length += 1) {
      expect(normaliseQuery(sql.slice(0, length), dialect)).not.toMatch(/sEc|42424/);
    }
  });

  it("C3 keeps what names things", () => {
    expect(normaliseQuery("select \"a b\", c1, $2 from s.t  where\n x = 5 and y='z'", "postgres")).toBe(
      'select "a b", c1, $2 from s.t where x = ? and y=?',
    );
    expect(normaliseQuery('select `a b`, c1 from t where x = "z" and y=-5--3', "mysql")).toBe(
      "select `a b`, c1 from t where x = ? and y=-?--?",
    );
  });

  it("C3 reads a literal without a name in MariaDB's digests as any other", () => {
    const digest = "SELECT `a` FROM `t` WHERE `b` = (unknown) AND `c` IN ( (unknown) , (_charset) ? )";
    expect(normaliseQuery(digest, "mariadb")).toBe("SELECT `a` FROM `t` WHERE `b` = ? AND `c` IN ( ?, ... )");
    expect(normaliseQuery("select (unknown) from t", "postgres")).toBe("select (unknown) from t");
  });

  it("C3 folds lists, so that one statement with many values reads as one", () => {
    expect(normaliseQuery("select 1 from t where a in (1,2, 3) or b in ($1, $2,$3)", "postgres")).toBe(
      "select ? from t where a in (?, ...) or b in ($1, ...)",
    );
    expect(normaliseQuery("insert into t values (1, 'a'), (2, 'b'),(3, 'c')", "postgres")).toBe(
      "insert into t values (?, ...), ...",
    );
  });

  it("C3 takes hostile text in time that grows with its length", () => {
    const hostile = ["'", '"', "`", "$a$", "/*", "--", "#", "\\", "e'", "(1,", "$", "U&'", "1e", " "];
    for (const piece of hostile) {
      for (const dialect of ["postgres", "mysql"] as const) {
        expect(typeof normaliseQuery(piece.repeat(100_000), dialect)).toBe("string");
      }
    }
  });
});

describe("hasComment", () => {
  it("A40 finds an opt-out in a comment and not in a literal", () => {
    expect(hasComment("select 1 /* RDS-Responder:never */", "rds-responder:never")).toBe(true);
    expect(hasComment("select 1 -- rds-responder:never", "rds-responder:never")).toBe(true);
    expect(hasComment("select 1 # rds-responder:never", "rds-responder:never", "mysql")).toBe(true);
    expect(hasComment("select 'rds-responder:never'", "rds-responder:never")).toBe(false);
    expect(hasComment("select 1 /* another */", "rds-responder:never")).toBe(false);
  });
});

describe("shownQuery", () => {
  const options = {
    dialect: "postgres",
    queryText: "normalised",
    optOutComment: "rds-responder:never",
  } as const;

  it("A40 keeps the opt-out comment visible when everything else in comments goes", () => {
    const sql = "/* rds-responder:never */ select 'a' /* other */";

    expect(shownQuery(sql, options)).toBe("select ? /* rds-responder:never */");
    expect(shownQuery(sql, { ...options, queryText: "raw" })).toBe(sql);
    expect(shownQuery("select 'a'", options)).toBe("select ?");
  });

  it("A40 keeps the opt-out comment of a statement too long to be shown", () => {
    const long = `select ${"a, ".repeat(1000)} b /* rds-responder:never */`;

    for (const queryText of ["raw", "normalised"] as const) {
      const shown = shownQuery(long, { ...options, queryText });
      expect(shown.length).toBeLessThan(1100);
      expect(hasComment(shown, "rds-responder:never")).toBe(true);
    }
    expect(shownQuery("select b", { ...options, optedOut: true })).toBe("select b /* rds-responder:never */");
  });
});
