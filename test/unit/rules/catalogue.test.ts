import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { causeIds } from "../../../functions/core/rules/cause-ids.ts";
import { rules } from "../../../functions/core/rules/index.ts";

describe("the catalogue of rules", () => {
  it("D4 lists every file of its folder, each named after its finding", () => {
    const folder = new URL("../../../functions/core/rules/", import.meta.url);
    const shared = ["define.ts", "index.ts", "cause-ids.ts"];
    const files = readdirSync(folder).filter((name) => !shared.includes(name));
    expect(rules.map(({ id }) => `${id}.ts`).toSorted()).toEqual(files.toSorted());
  });

  it("D4 knows only the causes with fixed ids", () => {
    for (const { id } of rules) expect(causeIds).toContain(id);
  });
});
