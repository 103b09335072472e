import { expect, it } from "vitest";
import { cleanLog } from "../../../functions/core/context/clean-log.ts";

const options = { dialect: "mysql", queryText: "normalised", maxLines: 9, maxLineLength: 900 } as const;
const linesOf = (...lines: readonly string[]) =>
  cleanLog(
    { file: "x", kind: "error", lastWrittenAt: null, truncated: false, text: lines.join("\n") },
    options,
  ).lines;
const crash = "2026-11-30T15:24:17Z UTC - mysqld got signal 11 ;";
const query = "Query (14ee8c0f1b60): SELECT a FROM fares WHERE name = 'Zebulon'";
const end = "Connection ID (thread ID): 412";

it("D4 a crash is told with the statement that ran in it, without its values", () => {
  expect(linesOf(crash, "Attempting backtrace.", query, end)).toEqual([
    "2026-11-30T15:24:17Z UTC - mysqld got signal 11 ; Query in it: SELECT a FROM fares WHERE name = ?",
  ]);
});

it("A40 what looks like one without a crash before it is nothing", () => {
  expect(linesOf("2026-11-30T15:24:17Z 9 [Note] ready", query, end).join("\n")).not.toContain("fares");
});

it("D4 MariaDB writes (null) where there was none", () => {
  const none = "Query (0x0): (null)Optimizer switch: index_merge=on,index_merge_union=on";
  expect(linesOf(crash, none, end).join("\n")).not.toContain("Query in it");
});
