import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { awsActions } from "../../functions/core/actions/aws-index.ts";
import { databaseActions } from "../../functions/core/actions/index.ts";
import { awsOffers, databaseOffers } from "../../functions/core/actions/offers.ts";
import { contextSources } from "../../functions/core/context/catalogue.ts";
import { causeIds } from "../../functions/core/contract/cause-ids.ts";
import { probes } from "../../functions/core/probes/index.ts";
import { rules } from "../../functions/core/rules/index.ts";

function textsOf(folder: string): string[] {
  return readdirSync(`functions/core/${folder}`, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .map((file) => readFileSync(`functions/core/${folder}/${file}`, "utf8"));
}

/** What was defined in a folder's files: its own id, or the name of the rows that it takes it from. */
function definitions(folder: string, define: string): { id: string | undefined; rows: string | undefined }[] {
  const pattern = new RegExp(`= ${define}\\(\\{\\s*(?:id: "([^"]+)"|\\.\\.\\.(\\w+),)`, "g");
  return textsOf(folder).flatMap((text) => [...text.matchAll(pattern)].map(([, id, rows]) => ({ id, rows })));
}

/** The id of each `export const … = defineRows({ id: …` by the name of the constant. */
function rowsIds(): ReadonlyMap<string, string> {
  const pattern = /const (\w+) = defineRows\(\{\s*id: "([^"]+)"/g;
  const found = textsOf("probes").flatMap((text) => [...text.matchAll(pattern)]);
  return new Map(found.map(([, name = "", id = ""]) => [name, id]));
}

function definedIds(folder: string, define: string): string[] {
  const rows = rowsIds();
  return definitions(folder, define)
    .map((defined) => defined.id ?? rows.get(defined.rows ?? "") ?? `rows ${defined.rows}`)
    .sort();
}

function idsOf(entries: readonly { readonly id: string }[]): string[] {
  return entries.map((entry) => entry.id).sort();
}

describe("catalogues", () => {
  it("every probe, rule and action that is defined is listed, once", () => {
    expect(idsOf(probes)).toEqual(definedIds("probes", "defineProbe"));
    expect(idsOf(rules)).toEqual(definedIds("rules", "defineRule"));
    expect(idsOf([...databaseOffers, ...awsOffers])).toEqual(definedIds("actions", "defineOffer"));
    expect(databaseActions.map(({ id }) => id)).toEqual(databaseOffers.map(({ id }) => id));
    expect(awsActions.map(({ id }) => id)).toEqual(awsOffers.map(({ id }) => id));
  });

  it("no call of a define… is overlooked by the patterns that look for it", () => {
    const calls = (folder: string, define: string) =>
      textsOf(folder).flatMap((text) => [...text.matchAll(new RegExp(`= ${define}\\(`, "g"))]).length;
    expect(definitions("probes", "defineProbe")).toHaveLength(calls("probes", "defineProbe"));
    expect([...rowsIds()]).toHaveLength(calls("probes", "defineRows"));
  });

  it("rows have one id with the probe that answers with them", () => {
    const taken = definitions("probes", "defineProbe").flatMap(({ rows }) => rows ?? []);
    expect(taken.toSorted()).toEqual([...rowsIds().keys()].toSorted());
  });

  it("D4 every rule has an id of the specification, and a file of that name", () => {
    for (const rule of rules) {
      expect(causeIds).toContain(rule.id);
      expect(existsSync(`functions/core/rules/${rule.category}/${rule.id}.ts`), rule.id).toBe(true);
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

  it("every M and P id of the specification, and what this version does of D and A, is answered by something", () => {
    const entries = [...contextSources, ...probes, ...rules, ...databaseActions, ...awsActions];
    const answered = new Set<string>(entries.flatMap((entry) => [...entry.spec]));
    const numbered = (letter: string, from: number, to: number) =>
      Array.from({ length: to - from + 1 }, (_, index) => `${letter}${from + index}`);
    const promised = [
      ...numbered("M", 1, 7),
      ...numbered("P", 0, 18),
      ...numbered("P", 21, 34),
      "D4",
      "D8",
      "A1",
      "A2",
      "A20",
      "A21",
      "A22",
      "A23",
      "A24",
      "A25",
      "A26",
      "A27",
      "A28",
      "A29",
      "A30",
      "A32",
    ];
    expect(promised.filter((id) => !answered.has(id))).toEqual([]);
  });

  it("D4 every cause of the specification has its rule", () => {
    expect(causeIds.filter((id) => !rules.some((rule) => rule.id === id))).toEqual([]);
  });
});
