import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { databaseActions } from "../../functions/core/actions/index.ts";
import { probes } from "../../functions/core/probes/index.ts";
import { causeIds } from "../../functions/core/rules/cause-ids.ts";
import { rules } from "../../functions/core/rules/index.ts";

function definedIds(folder: string, define: string): string[] {
  return readdirSync(`functions/core/${folder}`)
    .map((file) => readFileSync(`functions/core/${folder}/${file}`, "utf8"))
    .flatMap((text) => [...text.matchAll(new RegExp(`= ${define}\\(\\{\\s*id: "([^"]+)"`, "g"))])
    .map((match) => match[1] ?? "")
    .sort();
}

function idsOf(entries: readonly { readonly id: string }[]): string[] {
  return entries.map((entry) => entry.id).sort();
}

describe("catalogues", () => {
  it("every probe, rule and action that is defined is listed, once", () => {
    expect(idsOf(probes)).toEqual(definedIds("probes", "defineProbe"));
    expect(idsOf(rules)).toEqual(definedIds("rules", "defineRule"));
    expect(idsOf(databaseActions)).toEqual(definedIds("actions", "defineDatabaseAction"));
  });

  it("D4 every rule has an id of the specification, and a file of that name", () => {
    const files = readdirSync("functions/core/rules");
    for (const rule of rules) {
      expect(causeIds).toContain(rule.id);
      expect(files).toContain(`${rule.id}.ts`);
    }
  });

  it("P0 every probe says what it costs, what it needs and where its views are documented", () => {
    for (const probe of probes) {
      expect(probe.spec.length, probe.id).toBeGreaterThan(0);
      expect(probe.cost.length, probe.id).toBeGreaterThan(10);
      expect(probe.source, probe.id).toMatch(/^https:\/\//);
      expect(probe.maxRows, probe.id).toBeGreaterThan(0);
    }
  });

  it("the specification ids of this version are all answered by something", () => {
    const answered = new Set<string>(
      [...probes, ...rules, ...databaseActions].flatMap((entry) => [...entry.spec]),
    );
    const promised = ["P1", "P2", "P3", "P4", "P21", "P22", "P23", "P24", "P25", "D4", "A1", "A2"];
    expect(promised.filter((id) => !answered.has(id))).toEqual([]);
  });
});
