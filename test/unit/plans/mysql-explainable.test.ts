import { describe, expect, it } from "vitest";
import { mysqlConditions } from "../../../functions/core/plans/mysql-conditions.ts";
import { explainableMysql } from "../../../functions/core/plans/mysql-explainable.ts";
import { mysqlFunctionKeys } from "../../../functions/core/plans/mysql-function-keys.ts";
import { suggestMysqlIndex } from "../../../functions/core/plans/mysql-suggest-index.ts";

const sqlOf = (text: string) => {
  const found = explainableMysql(text);
  return found.kind === "yes" ? found.sql : `no: ${found.reason}`;
};

describe("statements as a SELECT", () => {
  it.each([
    ["UPDATE t SET a = 1 WHERE b = 2 LIMIT 5", "select 1 from t WHERE b = 2 LIMIT 5"],
    ["DELETE FROM t WHERE b = 'x'", "select 1 from t WHERE b = 'x'"],
    ["DELETE a FROM a JOIN b USING (id) WHERE b.c = 1", "select 1 from a JOIN b USING (id) WHERE b.c = 1"],
    [
      "INSERT INTO s (a) SELECT a FROM t WHERE b = 1 ON DUPLICATE KEY UPDATE a = 2",
      "SELECT a FROM t WHERE b = 1",
    ],
    [
      "REPLACE INTO s SELECT a FROM t WHERE b = (SELECT c FROM u LIMIT 1 FOR UPDATE SKIP LOCKED) LOCK IN SHARE MODE",
      "SELECT a FROM t WHERE b = (SELECT c FROM u LIMIT 1)",
    ],
    ["SELECT count(*) FROM t FOR UPDATE", "SELECT count(*) FROM t"],
    ["SELECT /* c */ a FROM t WHERE b = ? LIMIT ?, ?;", "SELECT a FROM t WHERE b = '1' LIMIT 1, 1"],
    [
      "WITH RECURSIVE n (i) AS (SELECT 1) SELECT i FROM n",
      "WITH RECURSIVE n (i) AS (SELECT 1) SELECT i FROM n",
    ],
  ])("P33 makes %j explainable without the right to write", (text, sql) => {
    expect(sqlOf(text)).toBe(sql);
  });

  it.each([
    "INSERT INTO t VALUES (1)",
    "SELECT f(1) FROM t",
    "SELECT app.count(1) FROM t",
    "SELECT `count`(1), sleep(1) FROM t",
    "SELECT get_lock('a', 1)",
    "SELECT a FROM t INTO OUTFILE '/tmp/x'",
    "SELECT @a := 1 FROM t",
    "SELECT 1; DROP TABLE t",
    "SELECT a FROM t WHERE b = 'cut",
    "SELECT a FROM t WHERE (b = 1",
    "SELECT a FROM t WHERE b IN (1, 2...",
    "CALL p()",
    "WITH x AS (SELECT 1) DELETE FROM t",
  ])("P33 leaves out %j", (text) => {
    expect(sqlOf(text)).toMatch(/^no: /);
  });

  it("P33 knows tables by their alias, and the order by its columns", () => {
    const found = explainableMysql(
      "SELECT * FROM app.orders AS o, `cust omers` c LEFT JOIN x ON x.a = c.a WHERE o.id > 1 ORDER BY o.total DESC, o.id DESC LIMIT 5",
    );
    expect(found).toMatchObject({
      tables: [
        { schema: "app", table: "orders", alias: "o" },
        { schema: null, table: "cust omers", alias: "c" },
        { schema: null, table: "x", alias: "x" },
      ],
      order: ["total", "id"],
      limited: true,
    });
    expect(explainableMysql("SELECT a FROM t ORDER BY a + 1")).toMatchObject({ order: [] });
    expect(explainableMysql("SELECT a FROM t ORDER BY a, b DESC")).toMatchObject({ order: [] });
  });
});

describe("conditions and suggestions", () => {
  const conditions = (text: string) =>
    mysqlConditions(text).map(({ table, column, kind }) => `${table}.${column} ${kind}`);

  it("P33 reads both engines' way to write a condition", () => {
    expect(conditions("((`app`.`o`.`a` = 42) and (`app`.`o`.`b` > TIMESTAMP'2026-01-10 00:00:00'))")).toEqual(
      ["o.a equality", "o.b range"],
    );
    expect(conditions("o.a between 1 and 5 and o.`b` is null and o.c in ('x','y')")).toEqual([
      "o.a range",
      "o.b equality",
      "o.c equality",
    ]);
    expect(conditions("(`app`.`o`.`note` = `app`.`c`.`name`)")).toEqual([
      "o.note equality",
      "c.name equality",
    ]);
    expect(conditions("o.a <> 1 and o.b like '%x' and lower(o.c) = 'x' and o.d = o.e")).toEqual([]);
    expect(conditions("o.a = 1 or o.b = 2")).toEqual([]);
  });

  const facts = {
    schema: "app",
    table: "orders",
    columns: ["a", "b", "c"]
      .map((name) => ({ name, type: "int" }))
      .concat([
        { name: "doc", type: "json" },
        { name: "note", type: "text" },
      ]),
    indexes: [["id"], ["c", "a"]],
  };
  const columnsOf = (text: string, order: string[] = []) =>
    suggestMysqlIndex(mysqlConditions(text), order, facts, "why")?.columns ?? null;

  it("P33 knows functions of one column, as keys of a functional index", () => {
    const keys = (text: string) => mysqlFunctionKeys(text, "o");
    expect(keys("(lower(`app`.`o`.`mail`) = 'x')")).toEqual(["lower(`mail`)"]);
    expect(keys("((cast(`app`.`o`.`at` as date) = '2026-01-01') and (o.b = 1))")).toEqual([
      "cast(`at` as date)",
    ]);
    expect(keys("(substr(`o`.`code`,1,3) in ('a','b'))")).toEqual(["substr(`code`, 1, 3)"]);
    expect(keys("(lower(`c`.`mail`) = 'x')")).toEqual([]);
    expect(keys("(lower(`o`.`mail`) <> 'x')")).toEqual([]);
    expect(keys("(date_format(`o`.`at`,'%Y') = '2026')")).toEqual([]);
    expect(keys("((lower(`o`.`mail`) = 'x') or (o.b = 1))")).toEqual([]);
  });

  it("P33 asks for an index that is there and hidden to be seen again, and builds none beside it", () => {
    const suggested = (because: "invisible" | "ignored", columns = ["b", "a"]) =>
      suggestMysqlIndex(
        mysqlConditions("o.b = 1"),
        [],
        { ...facts, hidden: [{ index: "by_b", columns, because, definition: "" }] },
        "why",
      )?.createIndex;
    expect(suggested("invisible")).toBe("ALTER TABLE `app`.`orders` ALTER INDEX `by_b` VISIBLE");
    expect(suggested("ignored")).toBe("ALTER TABLE `app`.`orders` ALTER INDEX `by_b` NOT IGNORED");
    expect(suggested("invisible", ["c", "b"])).toContain("ADD INDEX");
  });

  it("P33 puts equality first, then one range or the order, and repeats no index", () => {
    expect(columnsOf("o.b > 5 and o.a = 1")).toEqual(["a", "b"]);
    expect(columnsOf("o.a = 1", ["b"])).toEqual(["a", "b"]);
    expect(columnsOf("o.a = 1 and o.c = 2")).toBeNull();
    expect(columnsOf("o.doc = 'x'")).toBeNull();
  });

  it("P33 takes a text by how it begins, last, and where no order or range comes after it", () => {
    expect(columnsOf("o.note = 'x' and o.b = 1")).toEqual(["b", "note"]);
    expect(columnsOf("o.note = 'x' and o.b > 1")).toEqual(["b"]);
    expect(columnsOf("o.note = 'x' and o.b = 1", ["a"])).toEqual(["b", "a"]);
    expect(columnsOf("o.note like 'x%'")).toBeNull();
    // An index has a part of it already.
    const parted = { ...facts, parted: ["note"] };
    expect(suggestMysqlIndex(mysqlConditions("o.note = 'x'"), [], parted, "why")).toBeNull();
  });
});
