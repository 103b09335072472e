import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { causeIds } from "../../../functions/core/contract/cause-ids.ts";
import { rules } from "../../../functions/core/rules/index.ts";

describe("the catalogue of rules", () => {
  it("D4 lists every file of its folders, each in its category and named after its finding", () => {
    const folder = new URL("../../../functions/core/rules/", import.meta.url);
    const files = readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((name) => name.includes("/") && name.endsWith(".ts"))
      // Drafts that several rules of a category share.
      .filter((name) => !name.endsWith("-draft.ts"));
    expect(rules.map(({ category, id }) => `${category}/${id}.ts`).toSorted()).toEqual(files.toSorted());
  });

  it("D4 knows only the causes with fixed ids", () => {
    for (const { id } of rules) expect(causeIds).toContain(id);
  });
});
