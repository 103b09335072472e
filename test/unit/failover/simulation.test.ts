import { describe, expect, it } from "vitest";
import { failoverInputSchema } from "../../../functions/core/contract/failover-input.ts";
import { play } from "../../support/failover-play.ts";

const base = { database: "orders-db", reason: "test" };
const planned = failoverInputSchema.parse({ ...base, kind: "planned" });
const calm = {
  ...{ second: null, mishaps: 0, deaths: 0, lapses: 0, twoRuns: false, slow: false, badCandidate: null },
  switchAtMs: null,
  ...{ approval: "given" as const, backAtMs: 900_000, input: failoverInputSchema.parse(base) },
};

async function failures(from: number, count: number): Promise<string[]> {
  const found: string[] = [];
  for (let seed = from; seed < from + count; seed += 1) {
    const witness = await play(seed);
    for (const says of witness.broken()) found.push(`seed ${seed} (${witness.script.fault}): ${says}`);
  }
  return found;
}

describe("a failover in a world where every effect can be lost, doubled, refused or late", () => {
  it("keeps its promises in hundreds of seeded runs", async () => {
    expect(await failures(1, 500)).toEqual([]);
  }, 120_000);

  it.each([
    ["a primary that was killed", { fault: "kill" as const, startAtMs: 150_000 }],
    [
      "a primary that hangs and wakes up in the middle of it",
      { fault: "freeze" as const, startAtMs: 150_000, backAtMs: 175_000 },
    ],
    ["a healthy primary, as planned", { fault: "none" as const, input: planned }],
  ])("is done where nothing else goes wrong: %s", async (_, change) => {
    const witness = await play(7, { ...calm, ...change });
    expect(witness.broken()).toEqual([]);
    expect(witness.promoted).toEqual(["orders-db-1"]);
    const [run] = witness.runs();
    expect(run?.ending?.status).toBe("done");
    expect((run?.times.repointed ?? Number.POSITIVE_INFINITY) - (run?.startedAt ?? 0)).toBeLessThan(60_000);
  });

  it("leaves a database alone that only the responder cannot reach", async () => {
    const witness = await play(7, { ...calm, fault: "responder-cut", backAtMs: 900_000 });
    expect(witness.promoted).toEqual([]);
    expect(witness.runs()[0]?.ending?.says).toContain("only-our-path-cut");
  });
});
