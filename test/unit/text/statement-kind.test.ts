import { describe, expect, it } from "vitest";
import {
  isBuildStatement,
  isConcurrentBuild,
  isGradualDetach,
  isMaintenanceStatement,
  isReadOnlyStatement,
} from "../../../functions/core/text/statement-kind.ts";

describe("what kind of work a statement is", () => {
  it("D11 sees a detach whatever comment follows it", () => {
    const detach = "ALTER TABLE p DETACH PARTITION p1 CONCURRENTLY";
    for (const after of ["", ";", " /*controller='m'*/", " -- by hand", ";\n-- by hand\n"]) {
      expect(isGradualDetach(detach + after)).toBe(true);
      expect(isMaintenanceStatement(detach + after)).toBe(true);
    }
    expect(isGradualDetach("ALTER TABLE p DETACH PARTITION p1")).toBe(false);
    expect(isGradualDetach("ALTER TABLE p DETACH PARTITION p1 /* concurrently */")).toBe(false);
  });

  it("D11 sees DDL that does not stand first", () => {
    expect(isBuildStatement("set lock_timeout = '5s; x'; create index i2 on t (slow(id))")).toBe(true);
    expect(isBuildStatement("SET STATEMENT lock_wait_timeout=5 FOR ALTER TABLE t ADD INDEX (v)")).toBe(true);
    expect(isBuildStatement("SET STATEMENT lock_wait_timeout=? FOR ALTER TABLE t ADD INDEX (v)")).toBe(true);
    expect(isBuildStatement("BEGIN NOT ATOMIC ALTER TABLE t ADD INDEX (v); END")).toBe(true);
    expect(isMaintenanceStatement("set statement_timeout = 0; VACUUM t")).toBe(true);
    expect(isMaintenanceStatement("SELECT 1; # later\nOPTIMIZE TABLE t")).toBe(true);
    expect(isConcurrentBuild("set lock_timeout = 0; create index concurrently i on t (id)")).toBe(true);
  });

  it("D11 takes no words of a literal or a comment for a statement", () => {
    expect(isBuildStatement("INSERT INTO log VALUES ('; alter table t add c int')")).toBe(false);
    expect(isBuildStatement("SELECT 1 /* ; alter table t add c int */")).toBe(false);
    expect(isMaintenanceStatement("SELECT vacuum FROM settings")).toBe(false);
  });

  it("D11 takes nothing but a SELECT for one that leaves nothing half done, and none that writes a file", () => {
    for (const query of [
      "select 1",
      "/* app */ SELECT v FROM t FOR UPDATE",
      "SELECT 1; select 'into' from t",
    ]) {
      expect(isReadOnlyStatement(query)).toBe(true);
    }
    for (const query of [
      null,
      "",
      "CALL job()",
      "INSERT INTO archive SELECT * FROM t",
      "/* app */ UPDATE t SET v = 1",
      "DELETE FROM t",
      "SELECT * FROM t INTO OUTFILE '/tmp/t'",
      "SELECT 1; CALL job()",
      "SET STATEMENT a=1 FOR DROP TABLE t",
    ]) {
      expect(isReadOnlyStatement(query)).toBe(false);
    }
  });
});
