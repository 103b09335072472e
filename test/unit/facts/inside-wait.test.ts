import { expect, it } from "vitest";
import { diagnose } from "../../../functions/core/diagnosis/diagnose.ts";
import { defaultSettings } from "../../../functions/core/settings.ts";
import { aGroup, aView } from "../../support/evidence-builder.ts";
import { aSession } from "../../support/forest-builder.ts";
import { held, type MetricScene, metricView } from "../../support/metric-scene.ts";

/** So many sessions at a wait, in a statement of so many seconds. */
type Who = readonly (readonly [wait: string, count: number, seconds: number, query?: string])[];

const serverless: Partial<MetricScene> = {
  self: { vcpus: null, instanceClass: "db.serverless" },
  overrides: { target: { ...aView({}).evidence.target, instanceClass: "db.serverless" } },
};
const small: Partial<MetricScene> = { self: { vcpus: 4 } };

function told(who: Who, scene: Partial<MetricScene> = small, usual: number | null = null) {
  const all = who.reduce((sum, [, count]) => sum + count, 0);
  const sessions = who.flatMap(([waitEvent, count, seconds, query = "SELECT 1"], kind) =>
    Array.from({ length: count }, (_, place) =>
      aSession(100 * (kind + 1) + place, {
        statementSeconds: seconds,
        stateSeconds: seconds,
        transactionSeconds: seconds,
        waitEvent,
        query,
      }),
    ),
  );
  const profile = who.map(([wait, count, , query = "SELECT 1"]) => {
    const [waitEventType = "", waitEvent = ""] = wait.split(":");
    const of = { samples: 10, windowSeconds: 1, observations: 10 * count, averageSessions: count };
    return { ...of, waitEventType, waitEvent, percent: (100 * count) / all, distinctSessions: count, query };
  });
  const view = metricView({
    sessions,
    groups: [aGroup(all, { state: "active" })],
    server: { maxConnections: 3000 },
    probes: { "postgres-wait-profile": profile },
    readings: usual === null ? {} : { DBLoad: { baselineDay: usual, baselineWeek: usual } },
    ...scene,
  });
  return diagnose(view.evidence, defaultSettings);
}

const young = { ...small, values: { DBLoad: [1, 1, 1, 1, 1, 1, 1, 1, 40, 40] } };
const pollers = ["Timeout:PgSleep", 20, 30, "SELECT pg_sleep(60)"] as const;

it("D7 a queue that stands is never well, however young the load of minutes is", () => {
  const { verdict, headline } = told([["IPC:Unheard", 40, 100]], young);
  expect(verdict).toBe("unknown");
  expect(headline).toContain("IPC:Unheard 40 sessions");
});

it("D7 short statements that meet at one look are no queue where the load of minutes shows none", () => {
  expect(told([["IPC:Unheard", 40, 0.02]], { ...small, values: { DBLoad: held(1) } }).verdict).toBe("well");
});

it("D7 a load that has leapt is never well where nobody tells the CPUs, as of serverless capacity", () => {
  const { verdict, severity } = told(
    [["IPC:Unheard", 200, 5]],
    { ...serverless, values: { DBLoad: held(200, 15) } },
    3,
  );
  expect([verdict, severity]).toEqual(["unknown", "P2"]);
  const some = told([["IPC:Unheard", 9, 5]], { ...serverless, values: { DBLoad: held(9, 15) } }, 6);
  expect(some.severity).toBeNull();
});

it.each([
  ["LWLock:BufferContent", "latch-contention"],
  ["IPC:SyncRep", "commit-stall"],
])("D6 a queue that stands at %s is as bad as one whose wait nobody knows", (wait, cause) => {
  const { severity, findings } = told([[wait, 40, 100]], young);
  expect(severity).toBe("P2");
  expect(findings[0]).toMatchObject({ id: cause, severity: "P2" });
});

it.each([
  ["sleep on purpose", pollers],
  ["wait for somebody's lock", ["Lock:advisory", 20, 30, "SELECT pg_advisory_lock(1)"] as const],
])("D7 who %s makes no queue of commits of a moment beside it", (_, beside) => {
  const { severity, headline } = told([["LWLock:WALInsert", 10, 0.002], beside]);
  expect({ severity, headline }).not.toEqual({
    severity: "P2",
    headline: expect.stringContaining("WALInsert"),
  });
});
