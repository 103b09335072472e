import { expect, it } from "vitest";
import { ConflictError } from "../../functions/core/errors.ts";
import { firstCustody, nextCustody } from "../../functions/core/incident/custody.ts";
import type { IncidentStore } from "../../functions/core/ports.ts";
import { anIncident } from "../support/incident-builder.ts";

/** One open incident a group. `make` gives an empty store. */
export function groupLockContract(make: () => Promise<IncidentStore>): void {
  it("S11 opens an incident and makes it the open one of its group", async () => {
    const store = await make();
    const incident = anIncident({ id: "inc-1", group: "acc/region/orders" });
    expect(await store.openIncidentOf(incident.group)).toBeNull();
    expect(await store.open(incident)).toEqual({ kind: "opened" });
    expect(await store.openIncidentOf(incident.group)).toBe("inc-1");
    expect(await store.get("inc-1")).toEqual(incident);
  });

  it("S11 names the open incident to whoever comes second, and does not store theirs", async () => {
    const store = await make();
    await store.open(anIncident({ id: "inc-1" }));
    expect(await store.open(anIncident({ id: "inc-2" }))).toEqual({ kind: "exists", incidentId: "inc-1" });
    expect(await store.get("inc-2")).toBeNull();
  });

  it("Q3 answers a repeated open of the holder like the first", async () => {
    const store = await make();
    await store.open(anIncident({ id: "inc-1" }));
    expect(await store.open(anIncident({ id: "inc-1" }))).toEqual({ kind: "opened" });
  });

  it("S11 lets exactly one of 20 concurrent opens of a group win", async () => {
    const store = await make();
    const ids = Array.from({ length: 20 }, (_, index) => `inc-${index}`);
    const results = await Promise.all(ids.map((id) => store.open(anIncident({ id }))));
    const winner = ids[results.findIndex(({ kind }) => kind === "opened")];
    expect(results.filter(({ kind }) => kind === "opened")).toHaveLength(1);
    for (const result of results) {
      if (result.kind === "exists") expect(result.incidentId).toBe(winner);
    }
    const stored = await Promise.all(ids.map((id) => store.get(id)));
    expect(stored.flatMap((incident) => incident?.id ?? [])).toEqual([winner]);
  });

  it("S11 makes 200 incidents of 1,000 alarms over 200 groups and loses none", {
    timeout: 180_000,
  }, async () => {
    const store = await make();
    // Neighbours name the same group, so that they race for it.
    const alarms = Array.from({ length: 1000 }, (_, n) => ({
      id: `signal-${n}`,
      group: `group-${n % 200}`,
    })).sort((a, b) => a.group.localeCompare(b.group));
    const recorded = await atOnce(8, alarms, async ({ id, group }) => {
      // As intake does it: a look first, because a transaction that fails costs as much as one that succeeds.
      const held = await store.openIncidentOf(group);
      const opened = held === null ? await store.open(anIncident({ id: `inc-of-${id}`, group })) : null;
      const incidentId = held ?? (opened?.kind === "exists" ? opened.incidentId : `inc-of-${id}`);
      const fresh = await store.recordSignal(incidentId, id);
      return { openedIt: opened?.kind === "opened", incidentId, fresh };
    });
    expect(recorded.filter(({ openedIt }) => openedIt)).toHaveLength(200);
    expect(new Set(recorded.map(({ incidentId }) => incidentId)).size).toBe(200);
    expect(recorded.filter(({ fresh }) => fresh)).toHaveLength(1000);
  });

  it("S11 opens a group again after its incident was released", async () => {
    const store = await make();
    const first = anIncident({ id: "inc-1" });
    await store.open(first);
    await store.release(first);
    await store.release(first);
    expect(await store.openIncidentOf(first.group)).toBeNull();
    expect(await store.open(anIncident({ id: "inc-2" }))).toEqual({ kind: "opened" });
  });

  it("S11 leaves the lock alone when an earlier incident of the group is released late", async () => {
    const store = await make();
    const first = anIncident({ id: "inc-1" });
    await store.open(first);
    await store.release(first);
    await store.open(anIncident({ id: "inc-2" }));
    await store.release(first);
    expect(await store.openIncidentOf(first.group)).toBe("inc-2");
  });

  it("S11 keeps a group locked for whoever has written to its incident meanwhile", async () => {
    const store = await make();
    const first = anIncident({ id: "inc-1" });
    await store.open(first);
    const written = await store.save({ ...first, cycle: 1 });
    expect(await store.releaseIfUnchanged(first)).toBe(false);
    expect(await store.openIncidentOf(first.group)).toBe("inc-1");
    expect(await store.releaseIfUnchanged(written)).toBe(true);
    expect(await store.openIncidentOf(first.group)).toBeNull();
  });

  it("S11 answers a repeated release like the first, and leaves a later incident's lock alone", async () => {
    const store = await make();
    const first = anIncident({ id: "inc-1" });
    await store.open(first);
    expect(await store.releaseIfUnchanged(first)).toBe(true);
    await store.save({ ...first, cycle: 1 });
    expect(await store.releaseIfUnchanged(first)).toBe(true);
    await store.open(anIncident({ id: "inc-2" }));
    expect(await store.releaseIfUnchanged(first)).toBe(true);
    expect(await store.openIncidentOf(first.group)).toBe("inc-2");
  });

  it("S11 of a release and a save at the same moment, either the save comes first or the group is free", async () => {
    const store = await make();
    for (let round = 0; round < 5; round += 1) {
      const incident = anIncident({ id: `inc-${round}`, group: `acc/region/group-${round}` });
      await store.open(incident);
      const [released, saved] = await Promise.all([
        store.releaseIfUnchanged(incident),
        store.save({ ...incident, cycle: 1 }),
      ]);
      expect(saved.revision).toBe(incident.revision + 1);
      const open = await store.openIncidentOf(incident.group);
      expect([released, open]).toEqual(released ? [true, null] : [false, incident.id]);
    }
  });

  it("S11 does not open an incident twice in its life", async () => {
    const store = await make();
    const first = anIncident({ id: "inc-1" });
    await store.open(first);
    await store.release(first);
    await expect(store.open(first)).rejects.toBeInstanceOf(ConflictError);
    expect(await store.openIncidentOf(first.group)).toBeNull();
  });

  it("Q3 lists every open incident with the execution that looks after it, and none that was released", async () => {
    const store = await make();
    const [orders, bills] = [
      anIncident({ id: "inc-1", group: "acc/region/orders" }),
      anIncident({ id: "inc-2", group: "acc/region/bills" }),
    ];
    await store.open(orders);
    await store.open(bills);
    await store.release(orders);
    expect(await store.custodies()).toEqual([firstCustody(bills)]);
    expect(await store.custodyOf(bills.group)).toEqual(firstCustody(bills));
    expect(await store.custodyOf(orders.group)).toBeNull();
  });

  it("Q3 lists the other open incidents when one cannot be read", async () => {
    const store = await make();
    const [orders, bills] = [
      anIncident({ id: "inc-1", group: "acc/region/orders" }),
      anIncident({ id: "inc-2", group: "acc/region/bills" }),
    ];
    await store.open(orders);
    await store.open(bills);
    await store.handOver(firstCustody(orders), { ...firstCustody(orders), executions: 0 });
    await expect(store.custodyOf(orders.group)).rejects.toThrow();
    expect(await store.custodies()).toEqual([firstCustody(bills)]);
  });

  it("Q3 hands an incident to one of two executions that want it", async () => {
    const store = await make();
    const incident = anIncident({ id: "inc-1" });
    await store.open(incident);
    const first = firstCustody(incident);
    const next = nextCustody(first, 3, "2026-11-21T15:00:00.000Z");
    const taken = await Promise.all([store.handOver(first, next), store.handOver(first, { ...next })]);
    expect(taken.filter(Boolean)).toHaveLength(1);
    expect(await store.custodyOf(incident.group)).toEqual(next);
    expect(next).toMatchObject({ execution: "inc-1-2", executions: 2, fromCycle: 3 });
    expect(await store.openIncidentOf(incident.group)).toBe("inc-1");
  });

  it("Q3 hands over nothing that was released or belongs to another incident by now", async () => {
    const store = await make();
    const [first, second] = [anIncident({ id: "inc-1" }), anIncident({ id: "inc-2" })];
    const next = nextCustody(firstCustody(first), 1, "2026-11-21T15:00:00.000Z");
    await store.open(first);
    await store.release(first);
    expect(await store.handOver(firstCustody(first), next)).toBe(false);
    await store.open(second);
    expect(await store.handOver(firstCustody(first), next)).toBe(false);
    expect(await store.openIncidentOf(second.group)).toBe("inc-2");
  });
}

/** One function of the storm is one process; here a thousand share one event loop, which cannot connect that often at once. */
async function atOnce<T, R>(limit: number, items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const queue = items.values();
  const worker = async () => {
    for (const item of queue) results.push(await work(item));
  };
  await Promise.all(Array.from({ length: limit }, worker));
  return results;
}
