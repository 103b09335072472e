import { describe, expect, it } from "vitest";
import { emptyLedger } from "../../functions/core/contract/ledger.ts";
import { noSnoozes, type Snooze } from "../../functions/core/contract/snooze.ts";
import type { AuditRecord } from "../../functions/core/contract/work-order.ts";
import { ConflictError } from "../../functions/core/errors.ts";
import type { IncidentStore } from "../../functions/core/ports.ts";
import { anIncident } from "../support/incident-builder.ts";
import { wayBackContract } from "./way-back.contract.ts";

/** Saving incidents, signals and the audit trail. `make` gives an empty store. */
export function incidentStoreContract(make: () => Promise<IncidentStore>): void {
  describe("an incident", () => savingContract(make));
  describe("signals and the audit trail", () => appendingContract(make));
  describe("what was ordered for a group", () => ledgerContract(make));
  describe("who is left alone", () => snoozeContract(make));
  describe("what is to be given back", () => wayBackContract(make));
}

function savingContract(make: () => Promise<IncidentStore>): void {
  it("Q3 is null when nobody opened it", async () => {
    expect(await (await make()).get("inc-unknown")).toBeNull();
  });

  it("Q3 has its revision raised by each save", async () => {
    const store = await make();
    const incident = anIncident({ id: "inc-1", revision: 0 });
    await store.open(incident);
    const saved = await store.save({ ...incident, cycle: 7 });
    expect(saved).toEqual({ ...incident, cycle: 7, revision: 1 });
    expect(await store.get("inc-1")).toEqual(saved);
    expect((await store.save(saved)).revision).toBe(2);
  });

  it("Q3 refuses a save over a revision that is not the stored one, and keeps what is stored", async () => {
    const store = await make();
    const incident = anIncident({ id: "inc-1", revision: 0 });
    await store.open(incident);
    await store.save({ ...incident, cycle: 1 });
    await expect(store.save({ ...incident, cycle: 2 })).rejects.toBeInstanceOf(ConflictError);
    expect((await store.get("inc-1"))?.cycle).toBe(1);
  });

  it("Q3 refuses to save an incident that was never opened", async () => {
    const store = await make();
    await expect(store.save(anIncident({ id: "inc-1" }))).rejects.toBeInstanceOf(ConflictError);
    expect(await store.get("inc-1")).toBeNull();
  });

  it("Q3 lets exactly one of ten concurrent saves of a revision win", async () => {
    const store = await make();
    const incident = anIncident({ id: "inc-1", revision: 0 });
    await store.open(incident);
    const saves = Array.from({ length: 10 }, (_, cycle) => store.save({ ...incident, cycle }));
    const results = await Promise.allSettled(saves);
    const won = results.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
    expect(won).toHaveLength(1);
    expect(await store.get("inc-1")).toEqual(won[0]);
  });

  it("Q3 is not changed through an object that went in or came out", async () => {
    const store = await make();
    const incident = anIncident({ id: "inc-1" });
    await store.open(incident);
    const expected = structuredClone(incident);
    incident.timeline.push({
      key: "x",
      at: incident.openedAt,
      kind: "note",
      says: "changed after it went in",
    });
    const read = await store.get("inc-1");
    expect(read).toEqual(expected);
    read?.applied.push("changed after it came out");
    expect(await store.get("inc-1")).toEqual(expected);
  });
}

function appendingContract(make: () => Promise<IncidentStore>): void {
  it("S11 records a signal of an incident once", async () => {
    const store = await make();
    const long = `arn:aws:cloudwatch:eu-west-1:123456789012:alarm:${"ü".repeat(600)}`;
    for (const signal of ["signal-1", long]) {
      expect(await store.recordSignal("inc-1", signal)).toBe(true);
      expect(await store.recordSignal("inc-1", signal)).toBe(false);
      expect(await store.recordSignal("inc-2", signal)).toBe(true);
    }
  });

  it("S11 lets exactly one of ten concurrent deliveries of a signal be the first", async () => {
    const store = await make();
    const results = await Promise.all(
      Array.from({ length: 10 }, () => store.recordSignal("inc-1", "signal-1")),
    );
    expect(results.filter(Boolean)).toHaveLength(1);
  });

  it("S11 keeps the token of the newest rest of each incident", async () => {
    const store = await make();
    expect(await store.getRest("inc-1")).toBeNull();
    await store.putRest("inc-1", "token-1");
    await store.putRest("inc-1", "token-2");
    await store.putRest("inc-2", "other");
    expect(await store.getRest("inc-1")).toBe("token-2");
  });

  it("Q3 writes an audit record once and keeps the first", async () => {
    const store = await make();
    expect(await store.appendAudit(anAuditRecord())).toBe(true);
    expect(await store.appendAudit(anAuditRecord({ at: "2026-11-21T15:00:00.000Z" }))).toBe(false);
    expect(await store.audit("inc-1")).toEqual([anAuditRecord()]);
  });

  it("Q3 lets exactly one of ten concurrent writers of an audit record win", async () => {
    const store = await make();
    const results = await Promise.all(Array.from({ length: 10 }, () => store.appendAudit(anAuditRecord())));
    expect(results.filter(Boolean)).toHaveLength(1);
  });

  it("Q3 tells the audit trail of one incident in the order of time", async () => {
    const store = await make();
    const [ordered, finished, later] = [
      anAuditRecord(),
      anAuditRecord({ phase: "finished" }),
      anAuditRecord({ orderId: "a-order", at: "2026-11-21T14:04:00.000Z" }),
    ];
    for (const record of [later, finished, ordered, anAuditRecord({ incidentId: "inc-10" })]) {
      await store.appendAudit(record);
    }
    expect(await store.audit("inc-1")).toEqual([ordered, finished, later]);
    expect(await store.audit("inc-unknown")).toEqual([]);
  });
}

function ledgerContract(make: () => Promise<IncidentStore>): void {
  const order = {
    orderId: "o1",
    incidentId: "inc-1",
    actionId: "cancel-query",
    at: "2026-11-21T14:03:10.000Z",
  };

  it("A40 is nothing at first, and then what was written last", async () => {
    const store = await make();
    expect(await store.ledgerOf("g")).toEqual(emptyLedger);
    expect(await store.saveLedger("g", { ...emptyLedger, orders: [order] })).toBe(true);
    const written = { ...emptyLedger, revision: 1, orders: [order] };
    expect(await store.ledgerOf("g")).toEqual(written);
    expect(await store.saveLedger("g", { ...written, orders: [order, order] })).toBe(true);
    expect((await store.ledgerOf("g")).revision).toBe(2);
    expect(await store.ledgerOf("another")).toEqual(emptyLedger);
  });

  it("A40 is written by one of ten who have read the same", async () => {
    const store = await make();
    const saves = Array.from({ length: 10 }, () =>
      store.saveLedger("g", { ...emptyLedger, orders: [order] }),
    );
    expect((await Promise.all(saves)).filter(Boolean)).toHaveLength(1);
  });
}

function snoozeContract(make: () => Promise<IncidentStore>): void {
  const snooze: Snooze = {
    ...{ name: "orders-prod", until: "2026-11-21T16:03:10.000Z", reason: "migration" },
    ...{ by: "U0DANA01", at: "2026-11-21T14:03:10.000Z" },
  };

  it("S7 is nobody at first, and then who was written last", async () => {
    const store = await make();
    expect(await store.snoozes()).toEqual(noSnoozes);
    expect(await store.saveSnoozes({ revision: 0, list: [snooze] })).toBe(true);
    expect(await store.snoozes()).toEqual({ revision: 1, list: [snooze] });
    expect(await store.saveSnoozes({ revision: 1, list: [] })).toBe(true);
    expect(await store.snoozes()).toEqual({ revision: 2, list: [] });
  });

  it("S7 is written by one of ten who have read the same", async () => {
    const store = await make();
    const saves = Array.from({ length: 10 }, () => store.saveSnoozes({ revision: 0, list: [snooze] }));
    expect((await Promise.all(saves)).filter(Boolean)).toHaveLength(1);
  });
}

function anAuditRecord(overrides: Partial<AuditRecord> = {}): AuditRecord {
  return {
    schema: "audit.v1",
    incidentId: "inc-1",
    orderId: "order-1",
    phase: "ordered",
    at: "2026-11-21T14:03:10.000Z",
    order: null,
    outcome: null,
    refusal: { guard: "kill-switch", reason: "engaged", release: "set it to off" },
    ...overrides,
  };
}
