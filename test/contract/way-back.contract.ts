import { expect, it } from "vitest";
import { firstNote } from "../../functions/core/contract/way-back.ts";
import { reopenedCustody } from "../../functions/core/incident/custody.ts";
import type { IncidentStore } from "../../functions/core/ports.ts";
import { anIncident } from "../support/incident-builder.ts";

/** Notes of what is to be given back, and incidents that are opened again for it. `make` gives an empty store. */
export function wayBackContract(make: () => Promise<IncidentStore>): void {
  const note = firstNote("inc-1", "order-1", "2026-11-21T14:03:10.000Z");

  it("A20 is found until somebody has set out to look, and then changed by one of ten who have read the same", async () => {
    const store = await make();
    expect(await store.wayBacks()).toEqual([]);
    await store.putWayBack(note);
    const later = firstNote("inc-1", "order-1", "2026-11-21T15:03:10.000Z");
    await store.putWayBack(later);
    expect(await store.wayBacks()).toEqual([later]);
    const claimed = { ...later, tries: 1, claimedUntil: "2026-11-22T15:18:10.000Z" };
    const claims = Array.from({ length: 10 }, () => store.replaceWayBack(later, { ...claimed }));
    expect((await Promise.all(claims)).filter(Boolean)).toHaveLength(1);
    await store.putWayBack(note);
    expect(await store.wayBacks()).toEqual([claimed]);
    expect(await store.replaceWayBack(later, { ...later, ended: true })).toBe(false);
  });

  it("S11 opens a closed incident again, unless another one of its group is open", async () => {
    const store = await make();
    const incident = anIncident({ id: "inc-1", revision: 0 });
    await store.open(incident);
    await store.release(incident);
    const custody = reopenedCustody(incident, "2026-11-22T15:18:10.000Z");
    expect(await store.reopen(custody)).toBe(true);
    expect(await store.reopen(custody)).toBe(true);
    expect(await store.custodyOf(incident.group)).toEqual(custody);
    expect(await store.reopen({ ...custody, incidentId: "inc-2", execution: "inc-2" })).toBe(false);
    expect(await store.openIncidentOf(incident.group)).toBe("inc-1");
  });
}
