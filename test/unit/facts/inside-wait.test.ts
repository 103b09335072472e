import { expect, it } from "vitest";
import { diagnose } from "../../../functions/core/diagnosis/diagnose.ts";
import { defaultSettings } from "../../../functions/core/settings.ts";
import { aGroup, aMetric } from "../../support/evidence-builder.ts";
import { aSession } from "../../support/forest-builder.ts";
import { lookedDeeper } from "../../support/statement-builder.ts";

/** Forty sessions at a wait that nobody has heard of. */
function verdictOf(seconds: number, load: readonly number[]) {
  const at = { statementSeconds: seconds, stateSeconds: seconds, transactionSeconds: seconds };
  const sessions = Array.from({ length: 40 }, (_, place) =>
    aSession(100 + place, { ...at, waitEvent: "IPC:Unheard" }),
  );
  const row = {
    waitEventType: "IPC",
    waitEvent: "Unheard",
    samples: 10,
    windowSeconds: 1,
    observations: 400,
  };
  const profile = { ...row, averageSessions: 40, percent: 100, distinctSessions: 40, query: "SELECT 1" };
  const view = lookedDeeper(
    { "postgres-wait-profile": [profile] },
    {
      sessions,
      groups: [aGroup(40, { state: "active" })],
      server: { maxConnections: 3000 },
      overrides: { metrics: [aMetric("DBLoad", load)] },
    },
  );
  return diagnose(view.evidence, defaultSettings);
}

it("D7 a queue that stands is never well, however young the load of minutes is", () => {
  const { verdict, headline } = verdictOf(100, [1, 1, 1, 1, 1, 1, 1, 1, 40, 40]);
  expect(verdict).toBe("unknown");
  expect(headline).toContain("IPC:Unheard 40 sessions");
});

it("D7 short statements that meet at one look are no queue where the load of minutes shows none", () => {
  expect(verdictOf(0.02, [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]).verdict).toBe("well");
});
