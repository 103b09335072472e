import { describe, expect, it } from "vitest";
import { sqlLiteral } from "../../../functions/core/text/sql-literal.ts";
import {
  mysqlName,
  postgresIdentifier,
  postgresName,
  quoteName,
} from "../../../functions/core/text/sql-names.ts";

describe("names in statements", () => {
  it("are bare on PostgreSQL when they are plain, and quoted when they are not or are words of its grammar", () => {
    expect(quoteName("orders_2026")).toBe("orders_2026");
    expect(quoteName("Orders")).toBe('"Orders"');
    expect(quoteName("order")).toBe('"order"');
    expect(quoteName('a"b')).toBe('"a""b"');
    expect(postgresName("public", "user")).toBe('public."user"');
    expect(postgresIdentifier("orders")).toBe('"orders"');
  });

  it("are in backticks on MySQL, each part for itself", () => {
    expect(mysqlName("shop", "a`b")).toBe("`shop`.`a``b`");
  });
});

describe("values in statements", () => {
  it("end where they should, whatever is in them", () => {
    expect(sqlLiteral("o'brien", "postgres")).toBe("'o''brien'");
    expect(sqlLiteral("ends in \\", "postgres")).toBe("E'ends in \\\\'");
    expect(sqlLiteral("ends in \\", "mysql")).toBe("'ends in \\\\'");
    expect(sqlLiteral(7, "mysql")).toBe("7");
    expect(sqlLiteral(null, "mariadb")).toBe("NULL");
  });
});
