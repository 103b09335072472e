import { describe, expect, it } from "vitest";
import { costlyShapes, lessOf } from "../../../functions/core/text/costly-shapes.ts";

const whatIn = (query: string, engine: "postgres" | "mysql" | "mariadb" = "postgres") =>
  costlyShapes(query, engine).map(({ what }) => what.split(/[,;]/)[0]);

describe("what makes a statement dear by its words", () => {
  it.each([
    "SELECT id FROM t WHERE search @@ plainto_tsquery($1) ORDER BY ts_rank(to_tsvector(body), plainto_tsquery($1))",
    "SELECT id FROM queries q WHERE to_tsvector($1, $2::text) @@ q.saved",
  ])("D4 takes no stored vector and no single one for vectors of each row: %s", (query) => {
    expect(whatIn(query).join()).not.toContain("to_tsvector");
  });

  it.each([
    ["SELECT id FROM t WHERE a = $1 ORDER BY random() LIMIT $2", "a random order"],
    ["SELECT `id` FROM `t` ORDER BY `RAND` ( ) LIMIT ?", "a random order"],
    ["SELECT * FROM t WHERE a = $1 OR b = $2", "OR over different columns"],
    ["SELECT * FROM `t` WHERE `t` . `a` = ? OR `t` . `b` LIKE ?", "OR over different columns"],
    [
      "SELECT count(*) FROM l JOIN r ON abs(l.mail - r.mail) < $1 OR l.phone = r.phone WHERE l.id > $2",
      "OR over different columns",
    ],
    [
      "SELECT * FROM o WHERE amount > (SELECT avg(i.amount) FROM o i WHERE i.tag = o2.tag)",
      "a subquery that depends on the row outside is run again for each such row",
    ],
    [
      "SELECT ( SELECT COUNT ( * ) FROM `t` AS `above` WHERE `above` . `s` > `mine` . `s` ) FROM `t` AS `mine`",
      "a subquery that depends on the row outside is run again for each such row",
    ],
    ["SELECT * FROM t WHERE lower(email) = $1", "a condition on a function of a column"],
    ["SELECT * FROM `t` WHERE YEAR ( `created` ) = ?", "a condition on a function of a column"],
    [
      "SELECT * FROM `t` WHERE DATE ( `t` . `created` ) BETWEEN ? AND ?",
      "a condition on a function of a column",
    ],
    ["SELECT ? AS ONE FROM `m` WHERE BINARY `m` . `email` = ? LIMIT ?", "BINARY before a column"],
    ["SELECT * FROM t WHERE note LIKE $1", "a search by pattern"],
    ["SELECT * FROM `t` WHERE `note` LIKE ?", "a search by pattern"],
    ["SELECT * FROM t WHERE id NOT IN (SELECT t_id FROM u)", "NOT IN with a subquery"],
    ["SELECT * FROM t ORDER BY id LIMIT $1 OFFSET $2", "OFFSET reads and throws away every row before it"],
    [
      "SELECT * FROM `t` ORDER BY `id` LIMIT ?, ...",
      "LIMIT with two numbers reads and throws away as many rows as the first says",
    ],
    ["SELECT kind, sum(amount) FROM t GROUP BY kind", "it has no condition"],
    [
      `SELECT id FROM t WHERE tenant = $1 AND to_tsvector($2, coalesce("t"."body"::text, $3)) @@ to_tsquery($4, $5)`,
      "a text search that makes the vector (to_tsvector) of each row it comes to",
    ],
    ['SELECT * FROM "t" WHERE ($1 = ANY (tags)) ORDER BY "t"."at" LIMIT $2', "= ANY (column)"],
    ['SELECT * FROM t WHERE a = $1 AND $2 = any("t"."tags")', "= ANY (column)"],
  ])("D4 %s", (query, what) => {
    expect(whatIn(query)).toContain(what);
  });

  it.each([
    "SELECT `id` FROM `p` WHERE `json_unquote` ( `json_extract` ( `meta` , ? ) ) = `concat` ( ? , LEFT ( `sha2` (...) , ? ) ) LIMIT ?",
    "SELECT ID FROM `t` WHERE `JSON_VALUE` ( BODY , ? ) = ?",
    "SELECT * FROM `t` WHERE `t` . `meta` ->> ? = ? AND `a` = ?",
  ])("D4 knows a member of a document, for which no range is advised: %s", (query) => {
    expect(costlyShapes(query, "mysql")).toEqual([
      {
        what: expect.stringContaining("a member of a JSON document is compared"),
        instead: "a generated column that holds the member, indexed and named in the statement",
      },
    ]);
    expect(whatIn("SELECT * FROM `t` WHERE `meta` = JSON_EXTRACT ( ? , ? )", "mysql")).toEqual([]);
  });

  it.each([
    ["select * from stays where room = $1 and during && tstzrange($2, $3)", /GiST.*EXCLUDE USING gist/],
    ["select * from prices where $1 between valid_from and valid_to", /one range/],
    ["select * from prices where now() between p.valid_from and p.valid_to", /one range/],
    ["select * from users u where lower(u.email) = $1", /on \(lower\(email\)\)/],
  ])("D4 names the index that serves it: %s", (query, index) => {
    expect(
      costlyShapes(query, "postgres")
        .map(({ instead }) => instead)
        .join("; "),
    ).toMatch(index);
  });

  it.each([
    ["select * from t where a = ? && b = ?", "mysql"],
    ["select * from t where at between $1 and $2 and a = $3", "postgres"],
  ] as const)("D4 takes no other condition for one of ranges: %s", (query, engine) => {
    expect(JSON.stringify(costlyShapes(query, engine))).not.toMatch(/GiST|one range/);
  });

  it("D4 spares a pager its count", () => {
    const count =
      "SELECT COUNT ( * ) AS `dctrn_count` FROM ( SELECT DISTINCTROW `id_0` FROM `q` WHERE `a` = ? ) `t`";
    expect(lessOf(count)).toContain("asking only whether another row follows");
    expect(lessOf("SELECT count(*), a FROM t WHERE b = $1 GROUP BY a")).toContain("fewer rows");
    expect(lessOf(null)).toContain("fewer rows");
  });

  it.each([
    "SELECT * FROM t WHERE a = $1 AND b = $2",
    "SELECT * FROM t WHERE a = $1 OR a = $2",
    "SELECT * FROM t WHERE (a = $1 OR a = $2) AND b = $3",
    "SELECT * FROM t WHERE a = lower($1)",
    "SELECT * FROM t WHERE a = ANY ($1)",
    "SELECT * FROM t WHERE a = ANY ($1::int[]) AND b = ANY (ARRAY[$2, $3])",
    "SELECT * FROM t WHERE a = ANY (string_to_array($1, $2)) AND b = any (SELECT u.b FROM u)",
    "SELECT * FROM t WHERE id IN (SELECT t_id FROM app.u WHERE u.kind = $1) ORDER BY id",
    "SELECT * FROM `t` WHERE `id` IN ( SELECT `u` . `t_id` FROM `u` , `v` WHERE `v` . `id` = `u` . `id` )",
    "SELECT name FROM t WHERE id = $1 LIMIT $2",
    "UPDATE `t` SET `a` = ? WHERE `id` = ?",
  ])("D4 finds nothing in %s", (query) => {
    expect(whatIn(query)).toEqual([]);
  });

  it("D4 says what does the same for less, as far as the engine has it", () => {
    const instead = (engine: "postgres" | "mysql" | "mariadb") =>
      costlyShapes("SELECT * FROM t WHERE lower(name) LIKE ?", engine)
        .map((shape) => shape.instead)
        .join(" ");
    expect(instead("postgres")).toContain("gin_trgm_ops");
    expect(instead("mysql")).toMatch(/index on the expression.*FULLTEXT.*whole words only/);
    expect(instead("mariadb")).toContain("generated column");
  });

  it("take the time of the text, whatever a client has made of it", () => {
    const size = 10_000;
    const word = "a".repeat(size / 2);
    const texts = [
      ...["json_value(", "json_extract(,", "lower(", "extract(", "= any((", "binary ", "(select a.b "].map(
        (part) => part.repeat(size / 2 / part.length) + word,
      ),
      word + word,
      "a.".repeat(size / 2),
      "/*".repeat(size / 2),
    ];
    const began = performance.now();
    for (const text of texts) costlyShapes(`select * from t where ${text}`, "mysql");
    expect(performance.now() - began).toBeLessThan(2000);
  });
});
