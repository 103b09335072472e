import { describe, expect, it } from "vitest";
import { guardSession } from "../../../../functions/core/actions/signals/session-guards.ts";
import type { SessionTarget } from "../../../../functions/core/actions/signals/session-target.ts";
import type { Victim } from "../../../../functions/core/actions/signals/victim.ts";
import type { GuardSettings } from "../../../../functions/core/contract/work-order.ts";

const guards: GuardSettings = {
  protectedUsers: ["rdsadmin"],
  protectedApplications: ["pg_dump", "mysqldump"],
  protectedQueries: [],
  optOutComment: "rds-responder:never",
  graceSeconds: 5,
  maxRollbackRows: 1_000_000,
};

const input: SessionTarget = {
  sessionId: 4242,
  sessionKey: "2026-11-21 09:00:00.123456+00",
  statementKey: "2026-11-21 09:05:00.5+00 0123456789abcdef0123456789abcdef",
  state: "active",
  stateSince: "2026-11-21 09:05:00.5+00",
  waitEvent: null,
  sparesAdministrators: true,
  seenTransactionSeconds: 60,
  user: "shop",
  application: "checkout",
  client: "10.0.0.7",
  database: "app",
  query: "update account set balance = ?",
  rowsModified: null,
  longestWaitSeconds: 40,
};

const victim: Victim = {
  id: 4242,
  sameSession: true,
  sameStatement: true,
  sameTransaction: true,
  sameIdle: true,
  user: "shop",
  application: "checkout",
  kind: "client",
  wraparound: false,
  superuser: false,
  administrator: false,
  own: false,
  state: "active",
  holdsLocks: null,
  holdsAdvisory: false,
  holdsTemporary: false,
  keepsSnapshot: null,
  anyoneWaits: null,
  usesViews: null,
  blocks: null,
  othersHold: null,
  cut: null,
  leaderId: null,
  query: "update account set balance = 1",
  visible: true,
  rowsModified: null,
  waitEvent: null,
  dying: false,
};

interface Case {
  readonly victim?: Partial<Victim> | null;
  readonly input?: Partial<SessionTarget>;
  readonly guards?: Partial<GuardSettings>;
}

function guard(verb: "cancel" | "terminate", changes: Case = {}) {
  const now = changes.victim === null ? null : { ...victim, ...changes.victim };
  return guardSession(now, { ...input, ...changes.input }, { ...guards, ...changes.guards }, verb);
}

const both: readonly [guard: string, changes: Case][] = [
  ["no-session", { victim: null, input: { sessionId: 0 } }],
  ["session-changed", { victim: { sameSession: false } }],
  ["own-session", { victim: { own: true } }],
  ["superuser", { victim: { superuser: true } }],
  ["administrator", { victim: { administrator: true } }],
  ["cannot-see", { victim: { administrator: null } }],
  [
    "protected-application",
    {
      victim: { application: "pgBackRest [backup]" },
      guards: { protectedApplications: ["pgbackrest*"] },
    },
  ],
  ["autovacuum", { victim: { kind: "autovacuum", user: null } }],
  ["autovacuum-wraparound", { victim: { kind: "autovacuum", wraparound: true } }],
  ["replication-session", { victim: { kind: "replication" } }],
  ["system-session", { victim: { kind: "system", sameSession: false } }],
  ["parallel-worker", { victim: { kind: "parallel-worker", leaderId: 4100 } }],
  ["cannot-see", { victim: { visible: false } }],
  ["protected-user", { victim: { user: "RDSadmin" } }],
  ["protected-user", { input: { user: "rdsadmin" } }],
  ["protected-application", { victim: { application: "pg_dump" } }],
  ["protected-application", { input: { application: "PG_DUMP" } }],
  ["protected-application", { victim: { query: "SELECT /*!40001 SQL_NO_CACHE */ * FROM `t`" } }],
  ["protected-query", { guards: { protectedQueries: ["ACCOUNT\\s+set"] } }],
  ["protected-query", { guards: { protectedQueries: ["("] } }],
  ["opt-out-comment", { victim: { query: "select 1 /* RDS-Responder:NEVER */" } }],
  ["statement-changed", { victim: { sameStatement: false } }],
  ["rollback-too-long", { victim: { rowsModified: 1_000_001 } }],
  ["rollback-too-long", { victim: { rowsModified: 900_000 } }],
];

const idle = { state: "idle-in-transaction" } as const;

describe("guards of a session", () => {
  it.each(["cancel", "terminate"] as const)("A40 let %s go ahead on what was judged", (verb) => {
    expect(guard(verb)).toBeNull();
  });

  for (const verb of ["cancel", "terminate"] as const) {
    it.each(both)(`A40 refuse to ${verb} (%s) with a reason and a way out: %j`, (expected, changes) => {
      const check = guard(verb, changes);
      expect(check).toMatchObject({ kind: "refuse", guard: expected });
      if (check?.kind !== "refuse") return;
      expect(check.reason).not.toBe("");
      expect(check.release).not.toBe("");
    });
  }

  it("A40 let it go ahead on an administrator where the settings release them", () => {
    const guards = { actOnAdministrators: true };
    expect(guard("terminate", { victim: { administrator: true }, guards })).toBeNull();
    expect(guard("terminate", { victim: { administrator: null }, guards })).toBeNull();
  });

  it("A40 name the leader of a parallel worker", () => {
    const check = guard("cancel", { victim: { kind: "parallel-worker", leaderId: 4100 } });
    expect(JSON.stringify(check)).toContain("4100");
  });

  it("A40 leave a leader to a person, and whom it cannot be told of", () => {
    const unasked = { unasked: true };
    const ends = (holdsAdvisory: boolean | null, guards = {}) =>
      guard("terminate", { victim: { ...idle, holdsAdvisory }, input: idle, guards });
    expect(ends(true, unasked)).toMatchObject({ guard: "advisory-lock" });
    expect(ends(null, unasked)).toMatchObject({ guard: "cannot-see" });
    expect([ends(false, unasked), ends(true), ends(null)]).toEqual([null, null, null]);
  });

  it("A40 leave who has temporary tables to a person, and whom it cannot be told of", () => {
    const unasked = { unasked: true };
    const ends = (holdsTemporary: boolean | null, guards = {}) =>
      guard("terminate", { victim: { ...idle, holdsTemporary }, input: idle, guards });
    expect(ends(true, unasked)).toMatchObject({ guard: "session-data" });
    expect(ends(null, unasked)).toMatchObject({ guard: "cannot-see" });
    expect([ends(false, unasked), ends(true), ends(null)]).toEqual([null, null, null]);
    const views = { ...idle, holdsTemporary: false, usesViews: true };
    expect(guard("terminate", { victim: views, input: idle, guards: unasked })).toMatchObject({
      guard: "never-alone",
    });
    expect(guard("terminate", { victim: views, input: idle })).toBeNull();
  });

  it("D11 end nobody unasked for whom nobody waits any more", () => {
    const ends = (blocks: boolean | null, guards = {}) =>
      guard("terminate", {
        victim: { ...idle, holdsAdvisory: false, holdsTemporary: false, blocks },
        input: idle,
        guards,
      });
    expect(ends(false, { unasked: true })).toMatchObject({ guard: "nobody-waits" });
    expect([ends(true, { unasked: true }), ends(false)]).toEqual([null, null]);
    const late = { ...idle, holdsAdvisory: false, holdsTemporary: false, blocks: true, othersHold: true };
    expect(guard("terminate", { victim: late, input: idle, guards: { unasked: true } })).toMatchObject({
      guard: "others-hold",
    });
    expect(guard("terminate", { victim: late, input: idle })).toBeNull();
    // A click is for those whom the card named.
    const clicked = (longestWaitSeconds: number | null) =>
      guard("terminate", { victim: { ...late, anyoneWaits: false }, input: { ...idle, longestWaitSeconds } });
    expect(clicked(40)).toMatchObject({ guard: "nobody-waits" });
    expect(clicked(null)).toBeNull();
  });

  it("D11 do unasked nothing that is never done alone, by what the server says last", () => {
    const ends = (victim: Partial<Victim>, unasked: boolean, verb: "cancel" | "terminate" = "cancel") =>
      guard(verb, {
        victim: { holdsAdvisory: false, holdsTemporary: false, ...victim },
        guards: { unasked },
      });
    for (const waitEvent of ["Sending to client", "Receiving from client", "Client/ClientWrite"]) {
      for (const verb of ["cancel", "terminate"] as const) {
        expect(ends({ waitEvent }, true, verb)).toMatchObject({
          guard: "never-alone",
          reason: expect.stringContaining("waits for its client"),
        });
        expect(ends({ waitEvent }, false, verb)).toBeNull();
      }
    }
    expect(ends({ query: "vacuum orders -- nightly" }, true)).toMatchObject({ guard: "never-alone" });
    for (const verb of ["cancel", "terminate"] as const) {
      const refusal = { guard: "never-alone", reason: expect.stringContaining("is at work") };
      expect(ends({ waitEvent: "executing" }, true, verb)).toMatchObject(refusal);
      expect(ends({ waitEvent: "executing" }, false, verb)).toBeNull();
    }
  });

  it("A1 A2 call it done already when the session, its statement or its transaction has ended", () => {
    const idle: Partial<SessionTarget> = { state: "idle-in-transaction" };
    expect(guard("terminate", { victim: null })?.kind).toBe("already-done");
    expect(guard("cancel", { victim: { state: "idle" } })?.kind).toBe("already-done");
    expect(guard("terminate", { victim: { state: "idle" } })?.kind).toBe("already-done");
    expect(guard("terminate", { victim: { state: "idle", sameTransaction: null }, input: idle })?.kind).toBe(
      "already-done",
    );
    expect(guard("terminate", { victim: { dying: true, state: "other" } })?.kind).toBe("already-done");
  });

  it("A2 refuse an idle transaction that became active, or is another one", () => {
    const idle: Partial<SessionTarget> = { state: "idle-in-transaction" };
    expect(guard("terminate", { input: idle })).toMatchObject({ guard: "state-changed" });
    const again: Partial<Victim> = { state: "idle-in-transaction", sameIdle: false };
    expect(guard("terminate", { victim: again, input: idle })).toMatchObject({ guard: "state-changed" });
    const listed: Partial<Victim> = { state: "idle", sameIdle: false };
    expect(guard("terminate", { victim: listed, input: { state: "idle" } })).toMatchObject({
      guard: "state-changed",
    });
    const other: Partial<Victim> = { state: "idle-in-transaction", sameTransaction: false };
    expect(guard("terminate", { victim: other, input: idle })).toMatchObject({ guard: "state-changed" });
    expect(guard("terminate", { victim: { ...other, sameTransaction: true }, input: idle })).toBeNull();
  });

  it("A2 do not take a stale list of transactions for the end of one", () => {
    const idle: Partial<SessionTarget> = { state: "idle-in-transaction" };
    expect(guard("terminate", { victim: { state: "idle", sameTransaction: true }, input: idle })).toBeNull();
  });

  it("A1 refuse to cancel a statement that the server does not name", () => {
    expect(guard("cancel", { input: { statementKey: null } })).toMatchObject({ guard: "statement-unknown" });
    expect(guard("cancel", { victim: { sameStatement: null } })).toMatchObject({
      guard: "statement-unknown",
    });
  });

  it("A2 weigh the rollback against the wait, at the limit exactly and with a short one never", () => {
    const rows = (rowsModified: number, longestWaitSeconds: number | null) =>
      guard("terminate", { victim: { rowsModified }, input: { longestWaitSeconds } });
    expect(rows(1_000_000, 60)).toBeNull();
    expect(rows(1_000_000, 49)).toMatchObject({ guard: "rollback-too-long" });
    expect(rows(1_000_000, null)).toBeNull();
    expect(rows(600_000, 0)).toBeNull();
    expect(rows(600_001, 0)).toMatchObject({ guard: "rollback-too-long" });
  });
});
