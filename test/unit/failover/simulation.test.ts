import { describe, expect, it } from "vitest";
import { play } from "../../support/failover-play.ts";

async function failures(from: number, count: number): Promise<string[]> {
  const found: string[] = [];
  for (let seed = from; seed < from + count; seed += 1) {
    const witness = await play(seed);
    for (const says of witness.broken()) found.push(`seed ${seed} (${witness.script.fault}): ${says}`);
  }
  return found;
}

describe("a failover in a world where every effect can be lost, doubled, refused or late", () => {
  it("keeps its promises in a thousand seeded runs", async () => {
    expect(await failures(1, 1000)).toEqual([]);
  }, 120_000);
});
