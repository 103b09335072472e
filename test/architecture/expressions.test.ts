import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";

/**
 * A comment that is read lazily within a group that is repeated can be split in twice as many ways with each comment
 * more: forty of them in one statement of anybody's hang the look. withoutLeadingComments reads them one way.
 */
const runaway = /\\\/\\\*(?:\.|\[\\s\\S\])\*\?\\\*\\\/[^/()]*\)[*+](?!\/)/;

it("D7 no expression skips comments in a way that can run away", () => {
  expect(runaway.test(String.raw`/^(?:\s|\/\*.*?\*\/)*listen\s/is`)).toBe(true);
  expect(runaway.test(String.raw`/^\s*(?:\/\*.*?\*\/\s*)*xa\s/is`)).toBe(true);
  const files = readdirSync("functions", { recursive: true, encoding: "utf8" }).filter((file) =>
    file.endsWith(".ts"),
  );
  const found = files.filter((file) => runaway.test(readFileSync(`functions/${file}`, "utf8")));
  expect(found).toEqual([]);
});
