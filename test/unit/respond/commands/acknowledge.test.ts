import { describe, expect, it } from "vitest";
import { createCollectingLog } from "../../../../functions/adapters/memory/collecting-log.ts";
import { createMemoryIncidentStore } from "../../../../functions/adapters/memory/memory-incident-store.ts";
import { createMemorySettings } from "../../../../functions/adapters/memory/memory-settings.ts";
import { createVirtualClock } from "../../../../functions/adapters/memory/virtual-clock.ts";
import { acknowledge } from "../../../../functions/core/respond/commands/acknowledge.ts";
import { anIncident, openedAt } from "../../../support/incident-builder.ts";

/** Of these incidents, those named in `unreadable` cannot be read just now. */
async function worldWith(ids: readonly string[], unreadable: readonly string[]) {
  const store = createMemoryIncidentStore();
  for (const id of ids) await store.open(anIncident({ id, group: `rds/${id}` }));
  const incidents: typeof store = {
    ...store,
    get: async (id) => {
      if (unreadable.includes(id)) throw new Error("throttled");
      return store.get(id);
    },
  };
  const ack = (name: string | null) =>
    acknowledge(
      { name, by: "U1" },
      {
        ...{ incidents, clock: createVirtualClock(Date.parse(openedAt)), random: () => 0 },
        ...{ log: createCollectingLog(), settings: createMemorySettings() },
      },
    );
  return { ack, store };
}

describe("V5 an acknowledgement without a name", () => {
  it("is of the only open incident", async () => {
    const { ack } = await worldWith(["inc-1"], []);
    expect(await ack(null)).toMatchObject({ incidentId: "inc-1" });
  });

  it("asks which one is meant when another one that is open cannot be read", async () => {
    const { ack, store } = await worldWith(["inc-1", "inc-2"], ["inc-2"]);
    const { says, incidentId } = await ack(null);
    expect(incidentId).toBeNull();
    expect(says).toContain("(inc-1); open and not to be seen just now: 1");
    expect((await store.get("inc-1"))?.acknowledged ?? null).toBeNull();
    expect(await ack("inc-1")).toMatchObject({ incidentId: "inc-1" });
  });

  it("does not say that none is open when the open one cannot be read", async () => {
    const { ack } = await worldWith(["inc-1"], ["inc-1"]);
    const { says, incidentId } = await ack(null);
    expect(incidentId).toBeNull();
    expect(says).toContain("not to be seen just now: 1");
    expect(says).not.toContain("No incident is open");
  });
});
