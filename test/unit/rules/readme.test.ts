import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { rules } from "../../../functions/core/rules/index.ts";

it("D4 the README names every cause in the row of what it is about", () => {
  const readme = readFileSync(new URL("../../../README.md", import.meta.url), "utf8");
  const rows = new Map(
    [...readme.matchAll(/^\| ([a-z]+) \| (`.*`) \|$/gm)].map(([, about, names]) => [about, names]),
  );
  const unnamed = rules.filter(({ id, category }) => !rows.get(category)?.includes(`\`${id}\``));
  expect(unnamed.map(({ id }) => id)).toEqual([]);
});
