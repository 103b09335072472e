import { describe, expect, it } from "vitest";
import type { Session } from "../../../../functions/core/contract/session.ts";
import { replicationLag } from "../../../../functions/core/rules/replication/replication-lag.ts";
import { aSession } from "../../../support/forest-builder.ts";
import { type MetricScene, metricView } from "../../../support/metric-scene.ts";

const report = { application: "looker", user: "looker", query: "SELECT sum(amount) FROM repayments" };

function of(id: number, transactionSeconds: number, more: Partial<Session> = {}): Session {
  return aSession(id, { transactionSeconds, statementSeconds: transactionSeconds, ...report, ...more });
}

/** A replica that is 40 min 40 s behind; its own word of replay was not had. */
function told(sessions: readonly Session[], aMinute = 60, scene: MetricScene = {}) {
  const lag = Array.from({ length: 15 }, (_, minute) => 2440 - (14 - minute) * aMinute);
  return replicationLag.evaluate(
    metricView({
      self: { role: "replica", replicaOf: "loans-primary" },
      values: { ReplicaLag: lag },
      sessions,
      ...scene,
    }),
  )[0];
}

const waits = (load: number) => [
  {
    by: "wait-event" as const,
    items: [{ name: "IPC:RecoveryConflictSnapshot", id: null, load, waits: [] }],
  },
];

const seen = { context: { load: waits(0.97) } };

describe("a replica of PostgreSQL whose replay was seen to wait, and nothing else of it", () => {
  it("D2 names who is as old as the lag, and its statement, ends nobody and explains nothing", () => {
    const found = told([of(71, 2600), of(72, 300)], 60, seen);
    expect(found?.summary).toContain("replay waits: a query on it still needs rows that were removed");
    expect(found?.summary).toContain(
      "as old as the lag here is only app looker, user looker, pid 71, for 43 min 20 s",
    );
    expect(found?.evidence.map(({ says }) => says).join("\n")).toContain("FROM repayments");
    expect(found).toMatchObject({ actions: [], explains: [] });
    expect(told([of(71, 2600), of(72, 2500)], 60, seen)?.summary).toContain(
      "are 2 statements, the oldest of app looker",
    );
  });

  it.each<[string, readonly Session[], number, MetricScene]>([
    ["anybody where that replay waits was not seen", [of(71, 2600)], 60, {}],
    ["anybody where it waited in passing", [of(71, 2600)], 60, { context: { load: waits(0.2) } }],
    ["what began after replay had stopped", [of(71, 2300)], 60, seen],
    ["anybody while something is applied", [of(71, 2600)], 20, seen],
    ["a session of the server", [of(71, 2600, { kind: "replication" })], 60, seen],
    [
      "who idles in a transaction, and sees no rows",
      [of(71, 2600, { state: "idle-in-transaction" })],
      60,
      seen,
    ],
  ])("D7 does not name %s", (_what, sessions, aMinute, scene) => {
    const found = told(sessions, aMinute, scene);
    expect(found?.summary).not.toContain("as old as the lag");
    expect(found?.evidence.map(({ says }) => says)).toContain("what holds it up was not seen in this look");
  });
});
