import { describe, expect, it } from "vitest";
import { createCollectingLog } from "../../../functions/adapters/memory/collecting-log.ts";
import { createMemoryEvidenceStore } from "../../../functions/adapters/memory/memory-evidence-store.ts";
import { createMemoryIncidentStore } from "../../../functions/adapters/memory/memory-incident-store.ts";
import { createMemoryRdsControl } from "../../../functions/adapters/memory/memory-rds-control.ts";
import { createVirtualClock } from "../../../functions/adapters/memory/virtual-clock.ts";
import type { Incident } from "../../../functions/core/contract/incident.ts";
import type { Assignment } from "../../../functions/core/contract/workflow.ts";
import type { RdsControl } from "../../../functions/core/ports.ts";
import { diagnoseIncident } from "../../../functions/core/respond/diagnose-incident.ts";
import { locate } from "../../../functions/core/respond/locate.ts";
import { settingsSchema } from "../../../functions/core/settings.ts";
import { anIncident, aTarget } from "../../support/incident-builder.ts";

const settings = settingsSchema.parse({});
const target = aTarget();
const wanted = { name: "orders-r1", role: "reader" } as const;
const throttled: RdsControl = {
  find: () => Promise.reject(new Error("Throttling: Rate exceeded")),
  foreignEngine: () => Promise.reject(new Error("Throttling: Rate exceeded")),
};

/** A look at the reader's turn, as far as RDS lets it find the reader. */
async function lookAtReader(
  rds: RdsControl | "the function broke",
): Promise<Pick<Incident, "databases" | "diagnosis" | "step">> {
  const clock = createVirtualClock(Date.parse(anIncident().openedAt) + 60_000);
  const incidents = createMemoryIncidentStore();
  const databases = [
    { name: target.name, role: target.role, look: null },
    { ...wanted, look: null },
  ];
  const incident = anIncident({ databases });
  await incidents.open(incident);
  const asked: Assignment = {
    ...{ schema: "assignment.v1", incidentId: incident.id, cycle: 1, target, wanted },
    ...{ signal: null, tiers: ["immediate"], settings },
  };
  const assignment = rds === "the function broke" ? asked : await locate(asked, { rds, clock });
  const evidence = createMemoryEvidenceStore();
  const log = createCollectingLog();
  await diagnoseIncident({ assignment, reports: [] }, { incidents, evidence, clock, random: () => 0, log });
  const looked = await incidents.get(incident.id);
  if (looked === null) throw new Error("no incident");
  return looked;
}

describe("a database that RDS did not locate", () => {
  it.each([
    ["RDS is throttled", throttled, "Throttling: Rate exceeded"],
    ["the function that asks RDS broke", "the function broke", "did not answer"],
  ] as const)(
    "S11 D7 has had its look all the same when %s: nothing of it was seen",
    async (_why, rds, says) => {
      const { databases, diagnosis } = await lookAtReader(rds);
      expect(databases.find(({ name }) => name === "orders-r1")?.look).toMatchObject({
        verdict: "unknown",
        headline: expect.stringContaining(says),
      });
      expect(diagnosis?.missing.join()).toContain("role, address and tags of orders-r1");
    },
  );

  it("S11 is not looked for again when RDS knows it no more", async () => {
    const { databases } = await lookAtReader(createMemoryRdsControl({ targets: [target] }));
    expect(databases.map(({ name }) => name)).toEqual(["orders-prod"]);
  });
});
