import { describe, expect, it } from "vitest";
import { actionKeyOf } from "../../../functions/core/actions/action-key.ts";
import { cancelQuery } from "../../../functions/core/actions/database/cancel-query.ts";
import { terminateSession } from "../../../functions/core/actions/database/terminate-session.ts";
import { databaseActions } from "../../../functions/core/actions/index.ts";
import { propose } from "../../../functions/core/actions/propose.ts";
import type { SessionTarget } from "../../../functions/core/actions/signals/session-target.ts";
import { withLiterals } from "../../../functions/core/actions/with-literals.ts";
import type { Engine, Flavour, Target } from "../../../functions/core/contract/target.ts";
import { aTarget } from "../../support/incident-builder.ts";

const md5 = "0123456789abcdef0123456789abcdef";
const input: SessionTarget = {
  sessionId: 4242,
  sessionKey: "2026-11-21 09:00:00.123456+00",
  statementKey: `2026-11-21 09:05:00.5+00 ${md5}`,
  state: "active",
  stateSince: "2026-11-21 09:05:00.5+00",
  waitEvent: null,
  sparesAdministrators: true,
  seenTransactionSeconds: 60,
  user: "o'brien",
  application: "checkout",
  client: "10.0.0.7",
  database: "app",
  query: "update account\n  set balance = ?",
  rowsModified: 7,
  longestWaitSeconds: 40,
};
const mysql: SessionTarget = {
  ...input,
  sessionKey: "shop@10.0.0.7:4711",
  statementKey: `17 ${md5}`,
  stateSince: "1795251900",
};

function on(engine: Engine, flavour: Flavour): Target {
  return aTarget({ engine, flavour });
}

describe("the preview", () => {
  it("A1 names pid, session start and statement in the statement that cancels", () => {
    const sql = cancelQuery.preview(input, on("postgres", "rds"));
    expect(sql).toContain("select a.pid, pg_cancel_backend(a.pid) as signalled");
    expect(sql).toContain("a.pid = 4242");
    expect(sql).toContain("a.backend_start = '2026-11-21 09:00:00.123456+00'::timestamptz");
    expect(sql).toContain(
      `a.query_start = '2026-11-21 09:05:00.5+00'::timestamptz and md5(a.query) = '${md5}'`,
    );
    expect(sql).toContain("rolname = 'o''brien' and not rolsuper");
    expect(sql).not.toMatch(/\$\d/);
  });

  it("A2 shows both statements where a cancel comes first, and one for an idle transaction", () => {
    const active = terminateSession.preview(input, on("postgres", "rds"));
    expect(active.indexOf("pg_cancel_backend")).toBeLessThan(active.indexOf("pg_terminate_backend"));
    const idle = terminateSession.preview({ ...input, state: "idle-in-transaction" }, on("postgres", "rds"));
    expect(idle).not.toContain("pg_cancel_backend");
    expect(idle).toContain("a.xact_start <= '2026-11-21 09:05:00.5+00'::timestamptz");
  });

  it.each([
    ["mysql", "rds", /^CALL mysql\.rds_kill_query\(COALESCE\(\(SELECT p\.ID/],
    ["mysql", "self-managed", /^SET @statement = COALESCE\(\(SELECT CONCAT\('KILL QUERY ', p\.ID\)/],
    ["mariadb", "rds", /^CALL mysql\.rds_kill_query_id\(COALESCE\(\(SELECT p\.QUERY_ID/],
    [
      "mariadb",
      "self-managed",
      /^SET @statement = COALESCE\(\(SELECT CONCAT\('KILL QUERY ID ', p\.QUERY_ID\)/,
    ],
  ] as const)("A1 on %s (%s) is that engine's own statement", (engine, flavour, expected) => {
    const sql = cancelQuery.preview(mysql, on(engine, flavour));
    expect(sql).toMatch(expected);
    expect(sql).toContain("'shop@10.0.0.7:4711'");
    expect(sql).toMatch(engine === "mysql" ? /EVENT_ID = 17/ : /QUERY_ID = 17/);
    expect(sql).not.toContain("?");
  });

  it.each(["mysql", "mariadb"] as const)(
    "A40 on %s has no line that ends a session without naming who it was",
    (engine) => {
      for (const flavour of ["rds", "self-managed"] as const) {
        for (const action of [cancelQuery, terminateSession]) {
          const lines = action.preview(mysql, on(engine, flavour)).split(/;$/m);
          const killing = lines.filter((line) => /KILL|rds_kill/.test(line));
          expect(killing).toHaveLength(1);
          expect(killing[0]).toContain("'shop@10.0.0.7:4711'");
        }
      }
    },
  );

  it("A40 spares administrators in the statement itself, unless the settings released them", () => {
    for (const engine of ["postgres", "mysql", "mariadb"] as const) {
      const target = engine === "postgres" ? input : mysql;
      const spared = engine === "postgres" ? "rds_superuser" : "Create_user_priv";
      expect(terminateSession.preview(target, on(engine, "rds"))).toContain(spared);
      const released = { ...target, sparesAdministrators: false };
      expect(terminateSession.preview(released, on(engine, "rds"))).not.toContain(spared);
    }
  });

  it("A40 quotes values so that they stay values", () => {
    const params = ["a'b", "c\\d", null, 3, true];
    expect(withLiterals({ sql: "$1 $2 $3 $4 $5 $1", params }, "postgres")).toBe(
      "'a''b' E'c\\\\d' NULL 3 true 'a''b'",
    );
    expect(withLiterals({ sql: "? ? ? ? ?", params }, "mysql")).toBe("'a''b' 'c\\\\d' NULL 3 true");
    expect(withLiterals({ sql: "$1 $2", params: ["$2", "x"] }, "postgres")).toBe("'$2' 'x'");
    expect(withLiterals({ sql: "? ?", params: ["?", "x"] }, "mysql")).toBe("'?' 'x'");
  });

  it("A40 says in one line whom it hits", () => {
    const line = cancelQuery.describes(input);
    expect(line).not.toContain("\n");
    for (const part of ["4242", "o'brien", "checkout", "10.0.0.7", "60 s", "7 rows", "update account set"]) {
      expect(line).toContain(part);
    }
  });
});

describe("the key of an action", () => {
  it("A1 differs by statement, A2 by session, and both are told from the proposal alone", () => {
    const key = (action: typeof cancelQuery | typeof terminateSession, target: SessionTarget) =>
      actionKeyOf(propose(action, target, aTarget(), { consequence: "", frees: null }));
    const later = { ...input, statementKey: `2026-11-21 09:06:00+00 ${md5}` };
    expect(key(cancelQuery, input)).toBe(cancelQuery.key(input));
    expect(key(cancelQuery, later)).not.toBe(key(cancelQuery, input));
    expect(key(terminateSession, later)).toBe(key(terminateSession, input));
    expect(key(terminateSession, { ...input, sessionKey: "x" })).not.toBe(key(terminateSession, input));
  });

  it("A5 of a remedy that only a person carries out is its statement", () => {
    const manual = { id: "finish-prepared-transaction", input: {}, preview: "ROLLBACK PREPARED 'a'" };
    expect(actionKeyOf(manual)).not.toBe(actionKeyOf({ ...manual, preview: "ROLLBACK PREPARED 'b'" }));
  });
});

describe("the catalogue of actions", () => {
  it("A1 A2 says for every engine what the acting user needs", () => {
    for (const { engines, grants } of databaseActions) {
      for (const engine of engines)
        expect(grants[engine].every((grant) => grant.includes("{user}"))).toBe(true);
    }
  });
});
