import { describe, expect, it } from "vitest";
import { type CleanLogOptions, cleanLog } from "../../../functions/core/context/clean-log.ts";

const prefix = "2026-11-21 09:59:01 UTC:10.0.0.7(52144):shop@shop:[1234]:";

function clean(text: string, options: Partial<CleanLogOptions> = {}, kind: "error" | "slow" = "error") {
  const portion = { file: "f", kind, lastWrittenAt: null, truncated: false, text };
  const all = {
    dialect: "postgres",
    queryText: "normalised",
    maxLines: 40,
    maxLineLength: 500,
    ...options,
  } as const;
  return cleanLog(portion, all);
}

describe("log excerpts", () => {
  it("M3 keep the lines of the file before, and count those of the newest", () => {
    const refused = `${prefix}FATAL:  sorry, too many clients already`;
    const failed = (at: number) => `${prefix.replace("[1234]", `[${at}]`)}ERROR:  deadlock detected`;
    const portion = {
      ...{ file: "f", kind: "error" as const, lastWrittenAt: null, truncated: false },
      earlier: [refused, failed(1)].join("\n"),
      text: [failed(2), failed(3)].join("\n"),
    };
    const options = {
      dialect: "postgres",
      queryText: "normalised",
      maxLines: 40,
      maxLineLength: 500,
    } as const;
    const log = cleanLog(portion, options);
    expect(log.lines.map((line) => line.slice(prefix.length - 6))).toHaveLength(4);
    expect(log.lines[0]).toContain("too many clients");
    expect(log.read).toMatchObject({ messages: 2, errors: [{ database: "shop", count: 2 }] });
    expect(log.truncated).toBe(true);
    expect(cleanLog({ ...portion, text: "" }, options).lines).toHaveLength(2);
    expect(cleanLog(portion, { ...options, maxLines: 2 }).lines).toHaveLength(2);
  });

  it("C3 a statement of PostgreSQL loses its literals, over many lines, the error stays readable", () => {
    const { lines } = clean(
      [
        `${prefix}ERROR:  deadlock detected`,
        `${prefix}STATEMENT:  UPDATE customers`,
        "\tSET email = 'ada@example.com'",
        "\tWHERE id = 4711",
      ].join("\n"),
    );
    expect(lines).toEqual([
      `${prefix}ERROR: deadlock detected`,
      `${prefix}STATEMENT: UPDATE customers SET email = ? WHERE id = ?`,
    ]);
  });

  it("C3 values of rows and parameters go, names of columns and constraints stay", () => {
    const { lines } = clean(
      [
        `${prefix}ERROR:  duplicate key value violates unique constraint "customers_email_key"`,
        `${prefix}DETAIL:  Key (email)=(ada@example.com) already exists.`,
        `${prefix}DETAIL:  Failing row contains (17, Ada, secret).`,
        `${prefix}DETAIL:  parameters: $1 = 'ada', $2 = 'it''s'`,
        `${prefix}DETAIL:  Failed process was running: SELECT * FROM people WHERE name LIKE 'Ada%' AND age > 41`,
        `${prefix}ERROR:  invalid input syntax for type integer: "4111 1111 1111 1111"`,
        `${prefix}LOG:  duration: 5012.3 ms  statement: SELECT * FROM cards WHERE number = '4111'`,
        `${prefix}LOG:  duration: 7.3 ms  execute <unnamed>: SELECT * FROM cards WHERE number = '4112'`,
      ].join("\n"),
    );
    const text = lines.join("\n");
    for (const secret of ["ada", "Ada", "secret", "4111", "4112", "Ada%", "it''s"])
      expect(text).not.toContain(secret);
    expect(text).toContain('"customers_email_key"');
    expect(text).toContain("Key (email)=(?) already exists.");
    expect(text).toContain("duration: 5012.3 ms statement: SELECT * FROM cards WHERE number = ?");
  });

  it("C3 the statements of a deadlock stay without their literals, and who waits for whom as it is", () => {
    const { lines } = clean(
      [
        `${prefix}DETAIL:  Process 8 waits for ShareLock on transaction 70; blocked by process 9.`,
        "\tProcess 9 waits for ShareLock on transaction 71; blocked by process 8.",
        "\tProcess 8: INSERT INTO cards VALUES ('4111', 17)",
        "\tProcess 9: UPDATE cards SET owner = 'ada'",
        "\tWHERE id = 4711",
      ].join("\n"),
    );
    expect(lines).toEqual([
      `${prefix}DETAIL: Process 8 waits for ShareLock on transaction 70; blocked by process 9. Process 9 waits for ShareLock on transaction 71; blocked by process 8. Process 8: INSERT INTO cards VALUES (?, ...) Process 9: UPDATE cards SET owner = ? WHERE id = ?`,
    ]);
  });

  it("C3 an excerpt that begins inside a statement drops its first piece", () => {
    expect(clean(`\tada' AND b = 'x\n${prefix}LOG:  ready`).lines).toEqual([`${prefix}LOG: ready`]);
    const text = "ada' AND b = 'x'\n# Time: 2026-11-21T09:59:01Z\nSELECT 'one\n# two'";
    const portion = { file: "f", kind: "slow", lastWrittenAt: null, truncated: true, text } as const;
    const options = { dialect: "mysql", queryText: "normalised", maxLines: 40, maxLineLength: 500 } as const;
    expect(cleanLog(portion, options).lines).toEqual(["# Time: 2026-11-21T09:59:01Z", "SELECT ?"]);
  });

  it("C3 passwords go even where literals may stay", () => {
    const statement = `${prefix}STATEMENT:  ALTER USER shop WITH PASSWORD 'hunter2'`;
    const raw = clean(statement, { queryText: "raw" }).lines[0];
    expect(raw).toContain("ALTER USER shop");
    expect(raw).not.toContain("hunter2");
    const mysql = clean(
      "ALTER USER 'a'@'%' IDENTIFIED BY 'hunter2';",
      { dialect: "mysql", queryText: "raw" },
      "slow",
    );
    expect(mysql.lines.join()).not.toContain("hunter2");
  });

  it("C3 the slow log of MySQL keeps its headers and loses literals of statements", () => {
    const { lines } = clean(
      [
        "# Time: 2026-11-21T09:59:01.123456Z",
        "# User@Host: shop[shop] @  [10.0.0.7]  Id: 4711",
        "# Query_time: 12.5  Lock_time: 0.0 Rows_sent: 1  Rows_examined: 900000",
        "SET timestamp=1795168741;",
        "SELECT * FROM customers",
        "WHERE email = 'ada@example.com';",
      ].join("\n"),
      { dialect: "mysql" },
      "slow",
    );
    expect(lines).toEqual([
      "# Time: 2026-11-21T09:59:01.123456Z",
      "# User@Host: shop[shop] @ [10.0.0.7] Id: 4711",
      "# Query_time: 12.5 Lock_time: 0.0 Rows_sent: 1 Rows_examined: 900000",
      "SELECT * FROM customers WHERE email = ?;",
    ]);
  });

  it("C3 the error log of MySQL keeps times and accounts and loses values", () => {
    const { lines } = clean(
      [
        "2026-11-21T09:59:01.123456Z 88 [Note] [MY-010926] [Server] Access denied for user 'shop'@'10.0.0.7'",
        "2026-11-21T09:59:02.123456Z 5 [ERROR] [Repl] Duplicate entry 'ada@example.com' for key 'customers.email'",
        "2026-11-21T09:59:03.123456Z 5 [Warning] Unsafe. Statement: INSERT INTO customers VALUES ('ada')",
      ].join("\n"),
      { dialect: "mysql" },
    );
    expect(lines).toEqual([
      "2026-11-21T09:59:01.123456Z 88 [Note] [MY-010926] [Server] Access denied for user 'shop'@'10.0.0.7'",
      "2026-11-21T09:59:02.123456Z 5 [ERROR] [Repl] Duplicate entry '?' for key 'customers.email'",
      "2026-11-21T09:59:03.123456Z 5 [Warning] Unsafe. Statement: INSERT INTO customers VALUES (?)",
    ]);
  });

  it("M3 keeps the newest lines, cut to length, and says that there was more", () => {
    const text = Array.from(
      { length: 100 },
      (_, at) => `${prefix}LOG:  PID ${at} ${"wait ".repeat(600)}`,
    ).join("\n");
    const { lines, truncated } = clean(text, { maxLines: 3, maxLineLength: 80 });
    expect(lines).toHaveLength(3);
    expect(lines[2]).toContain("PID 99");
    expect(lines.every((line) => line.length <= 81)).toBe(true);
    expect(truncated).toBe(true);
    expect(clean("").lines).toEqual([]);
  });

  it("Q2 a hostile megabyte is read in linear time", () => {
    for (const text of [
      `${prefix}DETAIL: ${"DETAIL: ".repeat(4000)}=(`,
      `${prefix}DETAIL: ${"Process 8: ".repeat(4000)}`,
      `${prefix}ERROR: ${"'".repeat(32_000)}`,
      `${prefix}ERROR: ${"? , , ".repeat(6000)}`,
      `${prefix}ERROR: ${"./a/".repeat(8000)}`,
      `${prefix}ERROR: ${"base/1".repeat(6000)}`,
      `${prefix}CONTEXT: PL/pgSQL function ${"f line 1 at ".repeat(3000)}`,
      `2026-11-21 09:59:01 UTC:${"a(1):".repeat(8000)}`,
      `2026-11-21 09:59:01 UTC:${"a:b@c:[1]:".repeat(4000)}`,
      `${prefix}ERROR: ${"password ".repeat(3500)}`,
      `${prefix}LOG: ${"execute ".repeat(4000)}`,
    ]) {
      expect(clean(text).lines.length).toBeGreaterThan(0);
    }
  });
});
