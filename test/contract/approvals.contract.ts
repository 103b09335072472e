import { expect, it } from "vitest";
import type { Approval } from "../../functions/core/contract/incident.ts";
import { ConflictError } from "../../functions/core/errors.ts";
import type { IncidentStore } from "../../functions/core/ports.ts";
import { anApproval } from "../support/incident-builder.ts";

/** The approvals of an incident store. `make` gives an empty store. */
export function approvalsContract(make: () => Promise<IncidentStore>): void {
  it("A42 reads back the approval that was put, and null for an unknown one", async () => {
    const store = await make();
    expect(await store.getApproval("approval-1")).toBeNull();
    await store.putApproval(pending());
    expect(await store.getApproval("approval-1")).toEqual(pending());
  });

  it("Q3 takes a pending approval again, as the repeated step puts it", async () => {
    const store = await make();
    const again = pending({ expiresAt: "2026-11-21T14:30:00.000Z" });
    await store.putApproval(pending());
    await store.putApproval(pending());
    await store.putApproval(again);
    expect(await store.getApproval("approval-1")).toEqual(again);
  });

  it("A42 never turns a decided approval back into a pending one", async () => {
    const store = await make();
    await store.putApproval(pending());
    await store.replaceApproval(pending(), decided("approved", "U1"));
    await expect(store.putApproval(pending())).rejects.toBeInstanceOf(ConflictError);
    await store.putApproval(decided("approved", "U1"));
    expect(await store.getApproval("approval-1")).toEqual(decided("approved", "U1"));
  });

  it("A42 does not lose the first of two agreements to a repeated step", async () => {
    const store = await make();
    await store.putApproval(pending());
    const half = pending({ approvals: [{ by: "U1", at: "2026-11-21T14:04:00.000Z" }] });
    expect(await store.replaceApproval(pending(), half)).toBe(true);
    await expect(store.putApproval(pending())).rejects.toBeInstanceOf(ConflictError);
    expect(await store.getApproval("approval-1")).toEqual(half);
  });

  it("A42 replaces an approval while it is as it was seen, and not afterwards", async () => {
    const store = await make();
    await store.putApproval(pending());
    expect(await store.replaceApproval(pending(), decided("declined", "U1"))).toBe(true);
    expect(await store.replaceApproval(pending(), decided("approved", "U2"))).toBe(false);
    expect((await store.getApproval("approval-1"))?.status).toBe("declined");
  });

  it("A42 refuses to replace an approval that somebody agreed to meanwhile", async () => {
    const store = await make();
    await store.putApproval(pending());
    const half = pending({ approvals: [{ by: "U1", at: "2026-11-21T14:04:00.000Z" }] });
    await store.replaceApproval(pending(), half);
    expect(await store.replaceApproval(pending(), pending({ expiresAt: "2026-11-21T14:30:00.000Z" }))).toBe(
      false,
    );
    expect(await store.getApproval("approval-1")).toEqual(half);
  });

  it("A42 does not replace an approval that was never put", async () => {
    const store = await make();
    expect(await store.replaceApproval(pending(), decided("approved", "U1"))).toBe(false);
    expect(await store.getApproval("approval-1")).toBeNull();
  });

  it("A42 lets exactly one of ten people who click at once decide", async () => {
    const store = await make();
    await store.putApproval(pending());
    const people = Array.from({ length: 10 }, (_, index) => `U${index}`);
    const results = await Promise.all(
      people.map((by, index) =>
        store.replaceApproval(pending(), decided(index % 2 === 0 ? "approved" : "declined", by)),
      ),
    );
    expect(results.filter(Boolean)).toHaveLength(1);
    expect((await store.getApproval("approval-1"))?.decidedBy).toBe(people[results.indexOf(true)]);
  });
}

export function pending(overrides: Partial<Approval> = {}): Approval {
  return anApproval({
    id: "approval-1",
    status: "pending",
    approvals: [],
    decidedBy: null,
    decidedAt: null,
    ...overrides,
  });
}

export function decided(status: "approved" | "declined", by: string): Approval {
  return pending({ status, decidedBy: by, decidedAt: "2026-11-21T14:05:00.000Z" });
}
