import { describe, expect, it } from "vitest";
import {
  countText,
  describeSession,
  duration,
  elapsed,
  inWholeSeconds,
  list,
  lockObject,
  percent,
  plural,
  requestName,
  statementText,
} from "../../../functions/core/text/wording.ts";
import { aSession } from "../../support/forest-builder.ts";

const columns = Array.from({ length: 20 }, (_, index) => `o.column_${index}`).join(", ");

describe("wording", () => {
  it.each([
    [null, "an unknown time"],
    [0, "0 ms"],
    [0.2, "200 ms"],
    [0.9996, "1 s"],
    [1.54, "1.5 s"],
    [9.96, "10 s"],
    [38, "38 s"],
    [59.6, "1 min"],
    [252, "4 min 12 s"],
    [3599.7, "1 h"],
    [7500, "2 h 5 min"],
    [273_600, "3 d 4 h"],
  ])("D2 says %s seconds as %s", (seconds, says) => {
    expect(duration(seconds)).toBe(says);
  });

  it("D2 says that what a clock of whole seconds tells as none is under one", () => {
    expect([0, 0.2, 3, null].map(inWholeSeconds)).toEqual(["under 1 s", "200 ms", "3 s", "an unknown time"]);
  });

  it.each([
    [-5, "0 s"],
    [400, "0 s"],
    [48_400, "48 s"],
    [95_000, "1 min 35 s"],
    [472_000, "7 min 52 s"],
    [599_600, "10 min"],
    [1_867_000, "31 min"],
    [4_359_000, "1 h 12 min"],
    [108_300_000, "1 d 6 h"],
  ])("C1 says %s ms of an incident as %s", (ms, says) => {
    expect(elapsed(ms)).toBe(says);
  });

  it("D2 calls nothing all that is not all", () => {
    expect(percent(999, 1000)).toBe("99 %");
    expect(percent(1000, 1000)).toBe("100 %");
    expect(percent(1, 0)).toBe("an unknown share");
  });

  it("D2 counts in words", () => {
    expect([plural(1, "session"), plural(2, "session"), plural(2, "query", "queries")]).toEqual([
      "1 session",
      "2 sessions",
      "2 queries",
    ]);
    expect([countText(1, "row"), countText(1_204, "row"), countText(1_234_567, "row")]).toEqual([
      "1 row",
      "1,204 rows",
      "1.2 million rows",
    ]);
    expect([list([]), list(["a"]), list(["a", "b", "c"])]).toEqual(["", "a", "a, b and c"]);
  });

  it("D2 names a session as its engine does and leaves out what is not known", () => {
    const session = aSession(812, { application: null });
    expect(describeSession(session, "mysql")).toBe("user shop, connection 812");
    expect(describeSession(session, "postgres")).toBe("user shop, pid 812");
  });

  it("D2 keeps statements to one short line", () => {
    expect(statementText("SELECT 1\n  FROM t")).toBe("SELECT 1 FROM t");
    expect(statementText("x".repeat(500))).toHaveLength(120);
    expect(statementText("  ")).toBeNull();
  });

  it.each([
    [
      `SELECT ${columns} FROM public.orders o WHERE o.tenant = ?`,
      "SELECT … FROM public.orders o WHERE o.tenant = ?",
    ],
    [`select distinct ${columns} from "orders"`, 'select distinct … from "orders"'],
    [
      `SELECT ${columns}, extract(day from o.at), o.a IS DISTINCT FROM o.b, ' from x' FROM orders`,
      "SELECT … FROM orders",
    ],
  ])("D2 leaves out what a long SELECT gives rather than what it reads: %s", (query, says) => {
    expect(statementText(query)).toBe(says);
  });

  it("D2 keeps a short list, which says what the statement is for", () => {
    const query = `SELECT COUNT ( * ) AS \`dctrn_count\` FROM ( SELECT DISTINCTROW id_0 FROM ( SELECT ${columns} FROM orders`;
    expect(statementText(query)).toBe(`${query.slice(0, 119)}…`);
  });

  it.each([
    `SELECT ${columns}, (SELECT count(*) FROM lines l) FROM orders`,
    `WITH a AS (SELECT 1) SELECT ${columns} FROM a`,
    `UPDATE orders SET total = ?, ${columns} FROM lines`,
  ])("D2 cuts where it was cut before what is more than a list: %s", (query) => {
    expect(statementText(query)).toBe(`${query.slice(0, 119)}…`);
  });

  it("D2 names the statement that asks for a strong lock", () => {
    expect(requestName("alter  table orders add x int")).toBe("ALTER TABLE");
    expect(requestName("TRUNCATE orders")).toBe("TRUNCATE");
    expect(requestName(null)).toBe("lock request");
    expect(requestName("SELECT 1")).toBe("lock request");
  });

  it("D2 does not repeat the kind of an object that says it", () => {
    expect(lockObject({ object: "orders", objectKind: "metadata" })).toBe("table orders");
    const wait = {
      object: "transaction 762 (row (0,1) of public.orders)",
      objectKind: "transaction",
    } as const;
    expect(lockObject(wait)).toBe("row (0,1) of public.orders");
    expect(lockObject({ object: "row of table orders", objectKind: "row" })).toBe("row of table orders");
  });
});
