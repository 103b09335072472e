import { describe, expect, it } from "vitest";
import { statementOfDigest } from "../../../functions/core/plans/mysql-digest-statement.ts";
import { explainableMysql } from "../../../functions/core/plans/mysql-explainable.ts";

describe("a digest of MySQL or MariaDB as a statement", () => {
  it.each([
    [
      "SELECT COUNT ( * ) , `LOWER` ( `a` ) FROM `t` WHERE `k` IN (...) AND `b` = ? ORDER BY `c` LIMIT ?",
      "SELECT COUNT( * ) , LOWER( `a` ) FROM `t` WHERE `k` in ('1', '2', '3') AND `b` in ('1', '2') ORDER BY `c` LIMIT 1",
    ],
    [
      "SELECT `o` . `id` FROM `c` JOIN `o` ON `o` . `n` = `c` . `id` WHERE ( `c` . `email` = ? ) AND `o` . `x` >= ?",
      "SELECT `o` . `id` FROM `c` JOIN `o` ON `o` . `n` = `c` . `id` WHERE ( `c` . `email` in ('1', '2') ) AND `o` . `x` >= '1'",
    ],
    [
      "SELECT `a` FROM `t` WHERE `b` = (unknown) OR `c` IN ( (_charset) ? ) ORDER BY `d` LIMIT ?",
      "SELECT `a` FROM `t` WHERE `b` in ('1', '2') OR `c` IN ( '1' ) ORDER BY `d` LIMIT 1",
    ],
    [
      "SELECT `a` FROM `t` WHERE `b` > ? ORDER BY `a` LIMIT ?, ...",
      "SELECT `a` FROM `t` WHERE `b` > '1' ORDER BY `a` LIMIT 1, 1",
    ],
    [
      "SELECT `CONCAT` ( `a` , ?, ... ) FROM `t` WHERE `b` > ? LIMIT ?, ... /* , ... */",
      "SELECT CONCAT( `a` , '1', '1' ) FROM `t` WHERE `b` > '1' LIMIT 1, 1",
    ],
    // MariaDB ends its digests with a blank.
    ["SELECT `a` FROM `t` WHERE `b` = ? ", "SELECT `a` FROM `t` WHERE `b` in ('1', '2')"],
    ["SELECT `a` FROM `t` WHERE `b` LIKE ?", "SELECT `a` FROM `t` WHERE `b` like '%'"],
    ["INSERT INTO `t` SELECT `a` = ? FROM `u`", "SELECT `a` = '1' FROM `u`"],
  ])("P33 makes %j one that can be explained", (digest, sql) => {
    expect(explainableMysql(statementOfDigest(digest))).toMatchObject({ kind: "yes", sql });
  });

  it.each([
    "SELECT `own` (?) FROM `t`",
    "SELECT `a` FROM `t` WHERE `b` = ? AND ...",
    "INSERT INTO `t` VALUES (...)",
    "SELECT `a` , ?, ...",
  ])("P33 leaves out %j", (digest) => {
    expect(explainableMysql(statementOfDigest(digest)).kind).toBe("no");
  });
});
