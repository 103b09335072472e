import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { createCollectingLog } from "../../../functions/adapters/memory/collecting-log.ts";
import { createMemoryEvidenceStore } from "../../../functions/adapters/memory/memory-evidence-store.ts";
import { createMemoryIncidentStore } from "../../../functions/adapters/memory/memory-incident-store.ts";
import { createVirtualClock } from "../../../functions/adapters/memory/virtual-clock.ts";
import { type Evidence, evidenceSchema } from "../../../functions/core/contract/evidence.ts";
import type { Incident } from "../../../functions/core/contract/incident.ts";
import { newIncident } from "../../../functions/core/incident/open-incident.ts";
import { diagnoseIncident } from "../../../functions/core/respond/diagnose-incident.ts";
import { reduceContext } from "../../../functions/core/respond/reduce-context.ts";
import { updateIncident } from "../../../functions/core/respond/update-incident.ts";
import { settingsSchema } from "../../../functions/core/settings.ts";
import { anApproval } from "../../support/incident-builder.ts";
import { anAlarm } from "../../support/incident-play.ts";

const start = Date.parse("2026-11-21T14:03:07.000Z");

/** An incident that looks at recorded evidence, with a request out for the first remedy. */
async function askedAbout(name: string, change: (evidence: Evidence) => Evidence = (same) => same) {
  const recorded = JSON.parse(readFileSync(`test/scenarios/${name}/evidence.json`, "utf8"));
  const evidence = change(evidenceSchema.parse(recorded.evidence));
  const settings = settingsSchema.parse({
    // What was recorded had only just begun.
    thresholds: { manyWaitingSeconds: 0.01, ...recorded.thresholds },
  });
  const { target } = evidence;
  const clock = createVirtualClock(start);
  const incidents = createMemoryIncidentStore();
  const deps = {
    incidents,
    clock,
    log: createCollectingLog(),
    random: () => 0,
    evidence: createMemoryEvidenceStore(),
  };
  await incidents.open(newIncident("inc-1", target, anAlarm(), new Date(start).toISOString()));
  const stored = async (): Promise<Incident> => {
    const incident = await incidents.get("inc-1");
    if (incident === null) throw new Error("no incident");
    return incident;
  };
  const look = async (seen: Evidence): Promise<Incident> => {
    const { connection, probes, collectedAt, metrics, context, missing } = seen;
    const cycle = (await stored()).cycle + 1;
    await diagnoseIncident(
      {
        assignment: {
          schema: "assignment.v1",
          incidentId: "inc-1",
          cycle,
          target,
          signal: null,
          tiers: ["immediate"],
          settings,
        },
        reports: [
          { schema: "probe-report.v1", target, connection, probes, collectedAt },
          { schema: "context-report.v1", metrics, context, missing },
        ],
      },
      deps,
    );
    return stored();
  };
  const decide = (status: "pending" | "approved") =>
    updateIncident(
      deps,
      "inc-1",
      ({ actions }) => {
        const [action] = actions;
        if (action === undefined) throw new Error(`${name} proposes nothing to ask about`);
        const at = new Date(clock.now()).toISOString();
        const { key: actionKey, proposal } = action;
        const expiresAt = new Date(start + 900_000).toISOString();
        const approval = {
          ...anApproval(),
          id: "a1",
          actionKey,
          proposal,
          requestedAt: at,
          expiresAt,
          status,
        };
        return [{ kind: status === "pending" ? "approval-requested" : "approval-decided", at, approval }];
      },
      reduceContext(settings),
    );
  expect((await look(evidence)).step.kind).toBe("ask-approval");
  await decide("pending");
  return { evidence, look, decide, later: () => clock.advance(20_000) };
}

function withoutLockViews(evidence: Evidence): Evidence {
  const probes = evidence.probes.map((probe) =>
    /block|lock|wait/.test(probe.id) && probe.status === "ok"
      ? { ...probe, status: "timeout" as const, reason: "it timed out", rows: [], rowCount: 0 }
      : probe,
  );
  return { ...evidence, probes };
}

/** As the server tells it where it records no statements, `seconds` later; whole seconds may read one off. */
function later(evidence: Evidence, seconds: number): Evidence {
  const change = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(change);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, part]) => {
        if (key === "statementKey") return [key, null];
        if (key === "transactionSeconds" && typeof part === "number") return [key, part + seconds];
        if (key === "stateSince" && /^\d+$/.test(String(part)) && seconds > 0)
          return [key, String(Number(part) + 1)];
        return [key, change(part)];
      }),
    );
  };
  return evidenceSchema.parse(change(evidence));
}

const blocked = [
  "postgres-idle-transaction",
  "postgres-ddl-queue-idle-reader",
  "mysql-idle-transaction",
  "mysql-ddl-queue",
  "mariadb-idle-transaction",
];

describe("a request over the looks that follow it", () => {
  it.each(blocked)("D7 %s: a look without the lock views takes nothing back", async (name) => {
    const { evidence, look, later: wait } = await askedAbout(name);
    await wait();
    const blind = await look(withoutLockViews(evidence));
    expect(blind.actions[0]).toMatchObject({ status: "awaiting-approval", refusal: null });
    expect(blind.step).toMatchObject({ kind: "watch", awaitsDecision: true });
  });

  it.each(blocked)("D7 %s: a click that falls into such a look is carried out after it", async (name) => {
    const { evidence, look, decide, later: wait } = await askedAbout(name);
    await wait();
    await decide("approved");
    const blind = await look(withoutLockViews(evidence));
    expect(blind.actions[0]).toMatchObject({ status: "approved" });
    expect(blind.step.kind).toBe("act");
  });

  it.each(["mysql-idle-transaction", "mysql-tree-of-waiters", "mariadb-idle-transaction"])(
    "A42 %s: it stays where only the time that it lasts has changed",
    async (name) => {
      const { evidence, look, later: wait } = await askedAbout(name, (recorded) => later(recorded, 0));
      await wait();
      const again = await look(later(evidence, 20));
      expect(again.actions[0]).toMatchObject({ status: "awaiting-approval", approvalId: "a1" });
    },
  );

  it.each(["mysql-idle-transaction", "mariadb-idle-transaction"])(
    "A42 %s: it is taken back where a younger transaction of that session blocks now",
    async (name) => {
      const { evidence, look, later: wait } = await askedAbout(name, (recorded) => later(recorded, 0));
      await wait();
      const again = await look(later(evidence, -5));
      expect(again.actions[0]).toMatchObject({ status: "withheld", refusal: { guard: "reason-gone" } });
    },
  );
});
