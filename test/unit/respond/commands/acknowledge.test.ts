import { describe, expect, it } from "vitest";
import { createCollectingLog } from "../../../../functions/adapters/memory/collecting-log.ts";
import { createMemoryIncidentStore } from "../../../../functions/adapters/memory/memory-incident-store.ts";
import { createVirtualClock } from "../../../../functions/adapters/memory/virtual-clock.ts";
import { acknowledge } from "../../../../functions/core/respond/commands/acknowledge.ts";
import { defaultSettings } from "../../../../functions/core/settings.ts";
import { anIncident } from "../../../support/incident-builder.ts";

describe("an acknowledgement without a name", () => {
  it("V5 asks which one is meant while another open incident cannot be read", async () => {
    const store = createMemoryIncidentStore();
    const first = anIncident();
    const other = anIncident({ id: "inc-other", group: "123456789012/eu-central-1/billing" });
    await store.open(first);
    await store.open(other);
    const incidents = {
      ...store,
      get: async (id: string) => {
        if (id === other.id) throw new Error("cannot be read");
        return await store.get(id);
      },
    };
    const settings = { read: async () => defaultSettings };
    const deps = {
      incidents,
      settings,
      clock: createVirtualClock(),
      random: () => 0,
      log: createCollectingLog(),
    };
    const answer = await acknowledge({ name: null, by: "U1" }, deps);
    expect(answer.incidentId).toBeNull();
    expect(answer.says).toContain("1 more that could not be read");
    expect((await store.get(first.id))?.acknowledged ?? null).toBeNull();
  });
});
