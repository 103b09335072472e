import { describe, expect, it } from "vitest";
import { alarming, firstRoot, said } from "./support/inside/told.ts";
import { witnesses } from "./support/inside/witnesses.ts";
import { diagnosed } from "./support/inside/world.ts";

/** Each counter, state and setting of PostgreSQL as a witness of its own, beside a healthy, busy server. */
const named = witnesses.map((row) => [row.witness, row] as const);
const acute = named.filter(([, { told, chronic }]) => told.length > 0 && chronic !== true);

describe("what PostgreSQL counts, seen from inside", () => {
  it.each(acute)("D4 is told: %s", (_, { told, word, hot }) => {
    const diagnosis = diagnosed(hot);
    const root = firstRoot(diagnosis);
    expect(diagnosis.verdict).toBe("unwell");
    expect(told).toContain(root?.id);
    expect(root?.severity).not.toBe("P3");
    expect(root === null ? "" : said(root)).toMatch(word);
  });

  it.each(named.filter(([, { chronic }]) => chronic === true))(
    "D9 is told, and nobody is woken for it: %s",
    (_, { told, word, hot }) => {
      const { findings } = diagnosed(hot);
      const own = findings.filter(({ id }) => told.some((one) => one === id));
      expect(own.map(said).join("\n")).toMatch(word);
    },
  );

  it.each(named.filter(([, { told }]) => told.length === 0))("D7 is nobody's fault: %s", (_, { hot }) => {
    expect(alarming(diagnosed(hot))).toEqual([]);
  });

  it.each(named)("D7 is left alone at an ordinary value: %s", (_, { ordinary }) => {
    const diagnosis = diagnosed(ordinary);
    expect(alarming(diagnosis)).toEqual([]);
    expect(diagnosis.verdict).toBe("well");
  });
});
