import { describe, expect, it } from "vitest";
import { fingerprint } from "../../../functions/core/text/fingerprint.ts";
import { normaliseQuery, shownQuery } from "../../../functions/core/text/normalise-query.ts";

const rows = (count: number): string =>
  Array.from({ length: count }, (_, at) => `(${at}, 'x', NOW(3))`).join(", ");

describe("a statement and its digest are one shape", () => {
  // As MySQL 9.7 and MariaDB 10.11 print them; the word of one where they differ is noted.
  it.each([
    ["SELECT a FROM t WHERE b IN (1, 2, 3)", "SELECT `a` FROM `t` WHERE `b` IN (...)"],
    ["SELECT a FROM t WHERE b IN (1)", "SELECT `a` FROM `t` WHERE `b` IN (...)"],
    ["SELECT a FROM t WHERE b NOT IN (-1, NULL)", "SELECT `a` FROM `t` WHERE `b` NOT IN (...)"],
    ["INSERT INTO t (a, b) VALUES (1, 'x')", "INSERT INTO `t` ( `a` , `b` ) VALUES (...)"],
    [
      "INSERT INTO t (a, b) VALUES (1, 'x'), (2, 'y')",
      "INSERT INTO `t` ( `a` , `b` ) VALUES (...) /* , ... */",
    ],
    ["INSERT INTO t (a) VALUES (1), (2)", "INSERT INTO `t` ( `a` ) VALUES (?) /* , ... */"],
    ["UPDATE t SET b = NULL WHERE a <> 5", "UPDATE `t` SET `b` = ? WHERE `a` != ?"],
    ["UPDATE t SET a = -5 WHERE b IS NULL", "UPDATE `t` SET `a` = ? WHERE `b` IS NULL"],
    ["SELECT COUNT(DISTINCT a) FROM t", "SELECT COUNT ( DISTINCTROW `a` ) FROM `t`"],
    ["SELECT NOW() - INTERVAL 1 HOUR", "SELECT NOW ( ) - INTERVAL ? SQL_TSI_HOUR"],
    ["SELECT CAST(a AS CHAR) FROM t", "SELECT CAST ( `a` AS CHARACTER ) FROM `t`"],
    [
      "SELECT a FROM t WHERE (a, b) IN ((1, 'x'), (2, 'y'))",
      "SELECT `a` FROM `t` WHERE ( `a` , `b` ) IN ( (...) /* , ... */ )",
    ],
    ["UPDATE t SET pad = REPEAT('x', 9)", "UPDATE `t` SET `pad` = REPEAT (...)"],
  ])("P27 %s", (sent, digest) => {
    expect(fingerprint(normaliseQuery(sent, "mysql"))).toBe(fingerprint(digest));
  });

  it("P27 rows with a function of their own are one shape, however many, and where both were cut among them", () => {
    const insert = (count: number): string => `INSERT INTO t (a, b, c) VALUES ${rows(count)}`;
    const digest = `INSERT INTO \`t\` ( \`a\` , \`b\` , \`c\` ) VALUES ${Array(90).fill("( ?, ... , NOW (?) )").join(" , ")}`;
    const shown = { dialect: "mysql", queryText: "normalised", optOutComment: "keep" } as const;
    expect(fingerprint(normaliseQuery(insert(2), "mysql"))).toBe(
      fingerprint(normaliseQuery(insert(7), "mysql")),
    );
    expect(fingerprint(shownQuery(insert(120), shown))).toBe(fingerprint(shownQuery(digest, shown)));
  });
});

describe("other shapes stay apart", () => {
  it.each([
    ["SELECT a FROM t WHERE b = ?", "SELECT a FROM t WHERE b > ?"],
    ["SELECT a - ? FROM t", "SELECT a FROM t"],
    ["SELECT a FROM t WHERE b IS NULL", "SELECT a FROM t WHERE b IS NOT NULL"],
    ["SELECT f(?) FROM t", "SELECT f(?, ?) FROM t"],
    ["SELECT a - ? FROM t", "SELECT a ? FROM t"],
    ["INSERT INTO t (a) VALUES (?)", "INSERT INTO t (a) VALUES (?) ON DUPLICATE KEY UPDATE a = ?"],
    ["INSERT INTO t (a, b) VALUES (?, NOW())", "INSERT INTO t (a, b) VALUES (?, a)"],
  ])("P27 %s is not %s", (one, other) => {
    expect(fingerprint(one)).not.toBe(fingerprint(other));
  });

  it("P27 a long list of columns that was cut says nothing about what comes after it", () => {
    const long = `SELECT ${"some_column, ".repeat(90)}`.slice(0, 1000);
    expect(fingerprint(`${long}…`)).not.toBe(fingerprint(`${long}last FROM t`));
  });
});
