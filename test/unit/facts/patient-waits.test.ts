import { describe, expect, it } from "vitest";
import type { Session } from "../../../functions/core/contract/session.ts";
import { diagnose } from "../../../functions/core/diagnosis/diagnose.ts";
import { defaultSettings } from "../../../functions/core/settings.ts";
import { someEvidence } from "../../support/evidence-builder.ts";
import {
  aForest,
  anIdleTransaction,
  aRunning,
  aSession,
  type Member,
  waiters,
} from "../../support/forest-builder.ts";

const build: Member = {
  who: aRunning(2, 900, {
    query: "CREATE INDEX CONCURRENTLY ON orders (state)",
    waitEvent: "Lock/virtualxid",
  }),
  behind: "session:1",
  waits: {
    object: "virtual transaction 3/8",
    objectKind: "transaction",
    mode: "ShareLock",
    waitSeconds: 890,
  },
};

function findingsOf(...members: Member[]) {
  const forest = aForest([{ who: anIdleTransaction(1, 1000) }, ...members]);
  return diagnose(someEvidence({ forests: [forest] }), defaultSettings).findings;
}

describe("an index build that waits for old transactions", () => {
  it("D4 is no incident, however long it waits, and nobody is ended for it", () => {
    const findings = findingsOf(build);
    expect(findings.length).toBeGreaterThan(0);
    expect(findings.map(({ severity }) => severity)).toEqual(findings.map(() => "P3"));
    expect(findings.flatMap(({ actions }) => actions)).toEqual([]);
  });

  it("D4 is one as soon as somebody else waits as well", () => {
    const [first] = findingsOf(build, ...waiters(2, "session:1"));
    expect(first).toMatchObject({ id: "blocked-by-idle-transaction", severity: "P2" });
    expect(first?.actions.map(({ id }) => id)).toEqual(["terminate-session"]);
  });
});

describe("a lock that a pooler has left in one of its sessions", () => {
  const lock = { object: "advisory lock (7)", objectKind: "advisory", mode: "ExclusiveLock" } as const;
  const holder = (overrides: Partial<Session> = {}): Member => ({
    who: aSession(1, {
      ...{ state: "idle", stateSeconds: 0.02, transactionSeconds: null, statementSeconds: null },
      ...{ sessionSeconds: 600, application: "pgbouncer", query: "SELECT n FROM parcels WHERE id = ?" },
      ...overrides,
    }),
    holds: [{ ...lock, explicit: true }],
  });
  const severityOf = (first: Member, count: number) => {
    const waiting = Array.from({ length: count }, (_, at) => ({
      who: aRunning(10 + at, 60, {
        ...{ application: "storefront", waitEvent: "Lock/advisory", query: "SELECT pg_advisory_lock(?)" },
      }),
      behind: "session:1",
      waits: { ...lock, waitSeconds: 60 },
    }));
    const { findings } = diagnose(someEvidence({ forests: [aForest([first, ...waiting])] }), defaultSettings);
    return findings.find(({ id }) => id === "explicit-lock-held");
  };

  it("D4 is told, and nobody is ended for it without a person", () => {
    const told = severityOf(holder(), 3);
    expect(told).toMatchObject({ severity: "P2" });
    expect(told?.summary).not.toContain("hand to hand");
    expect(told?.actions.filter(({ automatic }) => automatic)).toEqual([]);
  });

  it.each([
    [
      "a job under its own lock for as long",
      holder({ state: "active", transactionSeconds: 90, stateSeconds: 90 }),
      4,
    ],
    ["two who stand by", holder(), 2],
    ["a leader of the same application", holder({ application: "storefront" }), 4],
    ["a leader that has just taken it", holder({ query: "SELECT pg_advisory_lock(?)" }), 4],
    ["a migration", holder({ query: "ALTER TABLE parcels ADD COLUMN n int" }), 4],
    ["a session that nobody can name", holder({ application: null }), 4],
  ] as const)("D4 %s is no more than a note", (_, first, count) => {
    expect(severityOf(first, count)?.severity ?? "P3").toBe("P3");
  });
});
