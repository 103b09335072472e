import { expect, it } from "vitest";
import type { Evidence } from "../../functions/core/contract/evidence.ts";
import type { EvidenceStore } from "../../functions/core/ports.ts";
import { someEvidence } from "../support/evidence-builder.ts";

/** As somebody else reads what the store has put; null where there is nothing. */
interface ReadStore extends EvidenceStore {
  get(id: string): Promise<Evidence | null>;
}

/** `make` gives an empty store. */
export function evidenceStoreContract(make: () => Promise<ReadStore>): void {
  it("Q3 gives back exactly the evidence that was put", async () => {
    const store = await make();
    const evidence = someEvidence();
    await store.put("inc-7f3a/1", evidence);
    expect(await store.get("inc-7f3a/1")).toEqual(evidence);
  });

  it("Q3 keeps the text of statements to the letter, in any script", async () => {
    const store = await make();
    const says = 'SELECT \'naïve — 数据库 🔒\' \u0000 \\ " FROM "Bestellungen"';
    const evidence = { ...someEvidence(), missing: [{ what: says, reason: says, howToSee: null }] };
    await store.put("inc/1", evidence);
    expect((await store.get("inc/1"))?.missing).toEqual(evidence.missing);
  });

  it("Q3 is null for evidence that was never put", async () => {
    expect(await (await make()).get("unknown")).toBeNull();
  });

  it("Q3 takes the same evidence again, and the newer one in place of the older", async () => {
    const store = await make();
    const evidence = someEvidence();
    await store.put("inc/1", evidence);
    await store.put("inc/1", evidence);
    await store.put("inc/1", { ...evidence, collectedAt: "2026-11-21T11:00:00.000Z" });
    expect((await store.get("inc/1"))?.collectedAt).toBe("2026-11-21T11:00:00.000Z");
  });

  it("Q3 is not changed through an object that went in or came out", async () => {
    const store = await make();
    const evidence = someEvidence();
    const expected = structuredClone(evidence);
    await store.put("inc/1", evidence);
    evidence.missing.push({ what: "x", reason: "changed after it went in", howToSee: null });
    const read = await store.get("inc/1");
    read?.missing.push({ what: "x", reason: "changed after it came out", howToSee: null });
    expect(await store.get("inc/1")).toEqual(expected);
  });
}
