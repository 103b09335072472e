import { expect, it } from "vitest";
import { createCollectingLog } from "../../../functions/adapters/memory/collecting-log.ts";
import { createMemoryEvidenceStore } from "../../../functions/adapters/memory/memory-evidence-store.ts";
import { createMemoryIncidentStore } from "../../../functions/adapters/memory/memory-incident-store.ts";
import { createVirtualClock } from "../../../functions/adapters/memory/virtual-clock.ts";
import type { Evidence } from "../../../functions/core/contract/evidence.ts";
import type { Incident } from "../../../functions/core/contract/incident.ts";
import type { LogExcerpt } from "../../../functions/core/contract/log-excerpt.ts";
import { couldBeSeenGone } from "../../../functions/core/diagnosis/verdict.ts";
import { newIncident } from "../../../functions/core/incident/open-incident.ts";
import { diagnoseIncident } from "../../../functions/core/respond/diagnose-incident.ts";
import { defaultSettings } from "../../../functions/core/settings.ts";
import { aProbe, aTarget, collectedAt } from "../../support/evidence-builder.ts";
import { aForest, anIdleTransaction, waiters } from "../../support/forest-builder.ts";
import { anAlarm } from "../../support/incident-play.ts";
import { metricView } from "../../support/metric-scene.ts";

const start = Date.parse(collectedAt);
const stamp = `${new Date(start - 60_000).toISOString().slice(0, 19).replace("T", " ")} UTC`;

/** What a look sees whose newest log file has these lines, and a lock that others wait for, or nothing else. */
function look(hour: string, lines: readonly string[], locked = false): Evidence {
  const log: LogExcerpt = {
    ...{ file: `error/postgresql.log.${hour}`, kind: "error", lastWrittenAt: null },
    ...{ lines: [...lines], truncated: false, wholeSince: null },
  };
  const forests = locked ? [aForest([{ who: anIdleTransaction(1, 900) }, ...waiters(12, "session:1")])] : [];
  return metricView({
    forests,
    probes: { "postgres-database-rates": [] },
    context: { logs: [log] },
    overrides: { target: aTarget() },
  }).evidence;
}

const quiet = { file: "error/postgresql.log.23", lastWrittenAt: null, truncated: false, wholeSince: null };

async function played(...looks: readonly Evidence[]): Promise<readonly Incident[]> {
  const clock = createVirtualClock(start);
  const deps = {
    ...{ incidents: createMemoryIncidentStore(), evidence: createMemoryEvidenceStore() },
    ...{ clock, log: createCollectingLog(), random: () => 0 },
  };
  await deps.incidents.open(newIncident("inc-1", aTarget(), anAlarm(), new Date(start).toISOString()));
  const seen: Incident[] = [];
  for (const [index, { target, connection, probes, metrics, context, missing }] of looks.entries()) {
    const assignment = {
      ...({ schema: "assignment.v1", incidentId: "inc-1", cycle: index + 1, target, signal: null } as const),
      ...({ tiers: ["immediate"], settings: defaultSettings } as const),
    };
    const probed = { schema: "probe-report.v1", target, connection, probes, collectedAt } as const;
    const read = { schema: "context-report.v1", metrics, context, missing } as const;
    await diagnoseIncident(
      { assignment: { ...assignment, tiers: ["immediate"] }, reports: [probed, read] },
      deps,
    );
    const incident = await deps.incidents.get("inc-1");
    if (incident !== null) seen.push(incident);
    await clock.advance(60_000);
  }
  return seen;
}

it("D7 damage that the log told is not gone because a look told another cause after it", async () => {
  const damaged = look("22", [
    `${stamp}:10.0.0.7(54):app@shop:[7]:ERROR: invalid page in block 5 of relation ?`,
  ]);
  const [first, second, third] = await played(damaged, look("23", [], true), look("23", []));
  expect(first?.cause?.rootCauses.map(({ id }) => id)).toContain("data-corruption-suspected");
  expect(second?.cause?.rootCauses.map(({ id }) => id)).toEqual(["blocked-by-idle-transaction"]);
  expect(second?.stillKnown?.map(({ id, actions }) => [id, actions])).toEqual([
    ["data-corruption-suspected", []],
  ]);
  expect(third?.diagnosis?.verdict).toBe("unknown");
});

it("D7 what could be seen gone is kept no longer", async () => {
  const [, second] = await played(look("22", [], true), look("22", []));
  expect(second?.stillKnown).toEqual([]);
  expect(second?.diagnosis?.verdict).toBe("well");
});

it("D7 a line that a client may have written is over when the log says it no more", () => {
  const { evidence } = metricView({
    probes: { "postgres-database-rates": [] },
    context: { logs: [{ ...quiet, kind: "error", lines: [] }] },
    overrides: { target: aTarget() },
  });
  const damage = {
    id: "data-corruption-suspected",
    severity: "P1",
    evidence: [{ source: "log", says: "x" }],
  } as const;
  expect(couldBeSeenGone({ ...damage, evidence: [...damage.evidence] }, evidence)).toBe(false);
  const doubted = { ...damage, key: "data-corruption-suspected:doubted", evidence: [...damage.evidence] };
  expect(couldBeSeenGone(doubted, evidence)).toBe(true);
});

it("D7 who filled the CPU by the slow log is over when the CPU was read, whatever else stays silent", () => {
  const slow = { id: "expensive-statement", key: "expensive-statement:slow log" } as const;
  const look = (values: Readonly<Record<string, readonly number[]>>) => {
    const skipped = aProbe("mariadb-plans", [], { status: "skipped", reason: "the history is off" });
    return metricView({ engine: "mariadb", values, overrides: { probes: [skipped] } }).evidence;
  };
  expect(couldBeSeenGone(slow, look({ CPUUtilization: [20, 21] }))).toBe(true);
  expect(couldBeSeenGone(slow, look({}))).toBe(false);
});
