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

describe("a replica of PostgreSQL whose replay stands, and was not seen", () => {
  it("D2 names who is as old as the lag, and its statement, and ends nobody", () => {
    const found = told([of(71, 2600), of(72, 300)]);
    expect(found?.summary).toContain(
      "as old as the lag here is only app looker, user looker, pid 71, for 43 min 20 s",
    );
    expect(found?.summary).not.toContain("replay waits");
    expect(found?.evidence.map(({ says }) => says).join("\n")).toContain("FROM repayments");
    expect(found).toMatchObject({ actions: [], explains: [] });
  });

  it("D3 is the cause of the long statement's being told where it was seen that replay waits for a query", () => {
    const context = { load: waits(0.97) };
    const found = told([of(71, 2600)], 60, { context });
    expect(found?.summary).toContain("replay waits: a query on it still needs rows that were removed");
    expect(found?.explains).toMatchObject([{ cause: "long-running-query", subject: "session:71" }]);
    expect(told([of(71, 2600), of(72, 2500)], 60, { context })?.explains).toEqual([]);
    expect(told([of(71, 2600)], 60, { context: { load: waits(0.2) } })?.summary).not.toContain(
      "replay waits",
    );
  });

  it.each<[string, readonly Session[], number]>([
    ["what began after replay had stopped", [of(71, 2300)], 60],
    ["anybody while something is applied", [of(71, 2600)], 20],
    ["a session of the server", [of(71, 2600, { kind: "replication" })], 60],
  ])("D7 does not name %s", (_what, sessions, aMinute) => {
    const found = told(sessions, aMinute);
    expect(found?.summary).not.toContain("as old as the lag");
    expect(JSON.stringify(found?.evidence)).not.toContain("look there, too");
  });
});
