import { describe, expect, it } from "vitest";
import { unsureRefusal } from "../../../../functions/core/policy/sure.ts";
import { blockedByIdleTransaction as rule } from "../../../../functions/core/rules/locks/blocked-by-idle-transaction.ts";
import { explicitLockHeld } from "../../../../functions/core/rules/locks/explicit-lock-held.ts";
import { settingsSchema } from "../../../../functions/core/settings.ts";
import { aProposal } from "../../../support/diagnosis-builder.ts";
import { aGroup, aView } from "../../../support/evidence-builder.ts";
import {
  aForest,
  anIdleTransaction,
  aPrepared,
  aRunning,
  aSession,
  keyOf,
  type Member,
  waiters,
} from "../../../support/forest-builder.ts";

const holder = anIdleTransaction(8123, 252);

function findingsOf(members: readonly Member[]) {
  return rule.evaluate(aView({ forests: [aForest(members)] }));
}

describe("blocked-by-idle-transaction", () => {
  it("D2 says who, since when, how many wait, for what and how long", () => {
    const [finding] = findingsOf([{ who: holder }, ...waiters(47, "session:8123")]);
    expect(finding?.summary).toBe(
      "1 session idle in transaction for 4 min 12 s (app checkout, user shop, pid 8123) blocks 47 sessions on table orders; longest wait 38 s",
    );
    expect(finding?.severity).toBe("P1");
  });

  it("D2 calls who is only between two statements no idler: what counts is how long its transaction is open", () => {
    const at = (seconds: number) => anIdleTransaction(8123, seconds, { transactionSeconds: 90 });
    const said = (seconds: number) =>
      findingsOf([{ who: at(seconds) }, ...waiters(5, "session:8123")])[0]?.summary;
    expect(said(0)).toContain("1 session between two statements of a transaction open for 1 min 30 s (app");
    expect(said(2)).toContain("1 session idle in transaction for 2 s (app");
  });

  it("D4 proposes to end the session, never to cancel, and says why", () => {
    const [finding] = findingsOf([{ who: holder }, ...waiters(3, "session:8123")]);
    expect(finding?.actions.map(({ id }) => id)).toEqual(["terminate-session"]);
    expect(finding?.actions[0]).toMatchObject({ frees: 3 });
    expect(finding?.actions[0]?.consequence).toContain("a cancel would do nothing");
    expect(finding?.severity).toBe("P2");
  });

  it("D4 knows a failed transaction left open as the same thing", () => {
    const who = anIdleTransaction(1, 60, { state: "idle-in-transaction-aborted" });
    expect(findingsOf([{ who }, ...waiters(1, "session:1")])).toHaveLength(1);
  });

  it("D4 makes one finding for each root", () => {
    const members = [
      { who: anIdleTransaction(1, 60) },
      ...waiters(2, "session:1", { firstId: 100 }),
      { who: anIdleTransaction(2, 90) },
      ...waiters(4, "session:2", { firstId: 200 }),
    ];
    expect(findingsOf(members).map(({ subject }) => subject)).toEqual(["session:1", "session:2"]);
  });

  it("T one wait shorter than a slow query is no finding, one as long is", () => {
    expect(findingsOf([{ who: holder }, ...waiters(1, "session:8123", { seconds: 0.2 })])).toEqual([]);
    expect(findingsOf([{ who: holder }, ...waiters(1, "session:8123", { seconds: 0.999 })])).toEqual([]);
    expect(findingsOf([{ who: holder }, ...waiters(1, "session:8123", { seconds: 1 })])).toHaveLength(1);
  });

  it("D6 grows to P1 at ten blocked sessions and at a fifth of all slots, never for how long one of them waits", () => {
    const severity = (count: number, seconds: number, maxConnections = 1000) =>
      rule.evaluate(
        aView({
          forests: [aForest([{ who: holder }, ...waiters(count, "session:8123", { seconds })])],
          server: { maxConnections },
        }),
      )[0]?.severity;
    expect(severity(9, 5)).toBe("P2");
    expect(severity(10, 5)).toBe("P1");
    expect(severity(4, 5, 20)).toBe("P1");
    expect(severity(3, 5, 20)).toBe("P2");
    expect(severity(1, 59.9)).toBe("P2");
    expect(severity(1, 60)).toBe("P2");
    expect(severity(1, 86_400)).toBe("P2");
  });

  it("T leaves to a person what has been idle for less than a minute while few wait", () => {
    const action = (idleSeconds: number, waiting: number) => {
      const who = anIdleTransaction(5, idleSeconds, { transactionSeconds: idleSeconds + 4 });
      const holds = [{ mode: "RowExclusiveLock" }];
      return findingsOf([{ who, holds }, ...waiters(waiting, "session:5", { seconds: 3 })])[0]?.actions[0];
    };
    expect(action(3, 1)).toMatchObject({ id: "terminate-session", automatic: false });
    expect(action(3, 1)?.consequence).toContain("it has been idle for 3 s only, and the bar is 1 min");
    expect(action(3, 1)?.causes).toBeUndefined();
    expect(action(59.9, 9)?.automatic).toBe(false);
    expect(action(60, 1)?.automatic).toBe(true);
    expect(action(9.9, 10)?.automatic).toBe(false);
    expect(action(9.9, 10)?.consequence).toContain("10 sessions wait, and it has been idle for 9.9 s only");
    expect(action(10, 10)?.automatic).toBe(true);
  });

  it("D2 says what they wait to do where the lock is a transaction's number alone, as for the same key", () => {
    const insert = { query: "INSERT INTO stock VALUES ($1) ON CONFLICT (sku) DO NOTHING" };
    const waits = (object: string) => {
      const waiting = waiters(3, "session:8123").map((member, index) => ({
        ...member,
        who: { ...member.who, ...(index === 2 ? { query: "SELECT 1" } : insert) },
        waits: { ...member.waits, object, objectKind: "transaction" as const },
      }));
      return findingsOf([{ who: holder }, ...waiting])[0]?.evidence.map(({ says }) => says);
    };
    expect(waits("transaction 976")).toContain(`they wait to do: ${insert.query}`);
    expect(waits("transaction 976 (row (0,1) of stock)")?.join()).not.toContain("they wait to do");
  });

  it("D11 shows what it causes, what its end ends and what that costs", () => {
    const row = { object: "transaction 700 (row (0,1) of orders)", objectKind: "transaction" } as const;
    const action = (overrides: object, holderCount = 1, waits: Member["waits"] = row, waiter = {}) => {
      const who = anIdleTransaction(5, 90, overrides);
      const waiting = waiters(3, "session:5").map((member) => ({
        ...member,
        who: { ...member.who, autocommit: true, ...waiter },
        waits: { ...member.waits, ...waits },
        holderCount,
      }));
      return findingsOf([{ who, holds: [{}] }, ...waiting])[0]?.actions[0];
    };
    const sure = action({});
    expect(sure?.causes?.says).toContain("it has been idle for 1 min 30 s");
    expect(sure?.ends?.says).toContain("all 3 sessions");
    expect(sure?.costs?.says).toContain("1 s of work");
    expect(unsureRefusal(sure ?? aProposal())).toBeNull();
    // A batch that pauses: nobody undoes hours of it unasked.
    expect(action({ transactionSeconds: 7200 })?.costs).toBeUndefined();
    // Younger than the wait that it is said to cause.
    expect(action({ stateSeconds: 60, transactionSeconds: 20 })?.causes).toBeUndefined();
    expect(action({}, 2)?.ends).toBeUndefined();
    // What they want next may be taken as well: another table, everybody who looks at it.
    const table = { object: "orders", objectKind: "table", mode: "AccessExclusiveLock" } as const;
    const everybody = { object: "virtual transaction 3/7", objectKind: "transaction" } as const;
    const slot = { object: "transaction 700", objectKind: "transaction" } as const;
    const catalogue = { ...slot, object: "transaction 700 (row (0,1) of pg_catalog.pg_class)" };
    for (const waits of [table, everybody, slot, catalogue])
      expect(action({}, 1, waits)?.ends).toBeUndefined();
    expect(action({}, 1, row, { kind: "system" })?.ends).toBeUndefined();
    for (const query of [
      "update t set v = 1; alter table t add w int",
      "call book()",
      "update t set v = f(1)",
      "x".repeat(990),
      null,
    ])
      expect(action({}, 1, row, { query })?.ends).toBeUndefined();
    // Two who keep rows of their own may deadlock.
    expect(action({}, 1, row, { autocommit: false })?.ends).toBeUndefined();
    // An open cursor, a portal read in parts, a dump.
    expect(unsureRefusal(action({ keepsSnapshot: true }) ?? aProposal())?.guard).toBe("never-alone");
    expect(unsureRefusal(action({ query: null }) ?? aProposal())?.guard).toBe("never-alone");
    const election = { query: "SELECT * FROM leader WHERE id = $1 FOR UPDATE" };
    expect(unsureRefusal(action(election, 1, row, election) ?? aProposal())?.guard).toBe("never-alone");
    // What it read may lease, by a view as well.
    expect(unsureRefusal(action(election) ?? aProposal())?.guard).toBe("never-alone");
    expect(
      unsureRefusal(action({ query: "UPDATE leader SET at = $1 WHERE id = $2" }) ?? aProposal()),
    ).toBeNull();
  });

  it("D11 promises nothing of who waits for a waiter's own rows, and counts who stands behind it at the same row", () => {
    const first = { object: "transaction 700 (row (0,1) of orders)", objectKind: "transaction" } as const;
    const ends = (behind: Member["waits"]) => {
      const members: Member[] = [
        { who: anIdleTransaction(5, 90), holds: [{}] },
        ...waiters(1, "session:5").map((member) => ({
          ...member,
          who: { ...member.who, autocommit: true },
          waits: { ...member.waits, ...first },
        })),
        ...waiters(2, "session:9000", { firstId: 9100 }).map((member) => ({
          ...member,
          who: { ...member.who, autocommit: true },
          waits: { ...member.waits, ...behind },
        })),
      ];
      return findingsOf(members)[0]?.actions[0]?.ends?.says;
    };
    expect(waiters(1, "session:5").map(({ who }) => keyOf(who))).toEqual(["session:9000"]);
    expect(ends({ object: "row (0,1) of orders", objectKind: "row" })).toContain("all 3 sessions");
    expect(
      ends({ object: "transaction 701 (row (0,2) of orders)", objectKind: "transaction" }),
    ).toBeUndefined();
  });

  it("D11 promises nothing of InnoDB's waiters: those that insert, by a trigger too, deadlock when the row goes", () => {
    const waits = {
      object: "row 10 of PRIMARY of orders",
      objectKind: "row",
      mode: "X,REC_NOT_GAP",
    } as const;
    const members: Member[] = [
      { who: anIdleTransaction(5, 90), holds: [{ objectKind: "row", mode: "X" }] },
      ...waiters(3, "session:5").map((member) => ({ ...member, waits: { ...member.waits, ...waits } })),
    ];
    // Names that people can set look like a row of PostgreSQL.
    const posing = { ...waits, object: "row 2 on page 5 of app.orders ((row (0,1) of x)" };
    members.push(
      ...waiters(1, "session:5", { firstId: 9500 }).map((member) => ({ ...member, waits: posing })),
    );
    for (const engine of ["mysql", "mariadb"] as const) {
      const [finding] = rule.evaluate(aView({ engine, forests: [aForest(members)] }));
      expect(finding?.actions[0]).toMatchObject({ id: "terminate-session" });
      expect(finding?.actions[0]?.ends).toBeUndefined();
    }
  });

  it("A40 proposes nothing for a pause between two statements that has blocked for a moment", () => {
    const who = anIdleTransaction(5, 0.02, { transactionSeconds: 30 });
    const [few] = findingsOf([{ who }, ...waiters(3, "session:5", { seconds: 0.1 })]);
    expect(few).toMatchObject({ severity: "P3", actions: [] });
    const [many] = findingsOf([{ who }, ...waiters(40, "session:5", { seconds: 0.1 })]);
    expect(many).toMatchObject({ severity: "P2", actions: [] });
  });

  it("A40 does not blame the newest holder of a lock that goes from hand to hand", () => {
    const who = anIdleTransaction(5, 0.002, { transactionSeconds: 0.01 });
    const [finding] = findingsOf([{ who }, ...waiters(30, "session:5", { seconds: 4 })]);
    expect(finding?.summary).toContain("hand to hand");
    expect(finding?.actions).toEqual([]);
    expect(finding?.confidence).toBeLessThan(0.5);
  });

  it("D4 bounds a wait that the engine does not time by the age of its statement", () => {
    const waiter: Member = { who: aRunning(9, 30), behind: "session:8123", waits: { waitSeconds: null } };
    expect(findingsOf([{ who: holder }, waiter])[0]?.summary).toContain("longest wait 30 s");
  });

  it("D4 stays silent about holders that run, that were prepared, and that nobody waits for", () => {
    expect(findingsOf([{ who: aRunning(1, 60) }, ...waiters(5, "session:1")])).toEqual([]);
    expect(findingsOf([{ who: aPrepared("x") }, ...waiters(5, "prepared:x")])).toEqual([]);
    expect(findingsOf([{ who: holder }])).toEqual([]);
  });

  it("D4 leaves a root that holds an explicit lock to the rule that knows it", () => {
    const members: Member[] = [
      { who: holder, holds: [{ mode: "AccessExclusiveLock", explicit: true }] },
      ...waiters(5, "session:8123"),
    ];
    expect(findingsOf(members)).toEqual([]);
    expect(explicitLockHeld.evaluate(aView({ forests: [aForest(members)] }))).toHaveLength(1);
  });

  it("D8 says that other holders of the same lock must end too", () => {
    const members: Member[] = [
      { who: holder, holds: [{}] },
      ...waiters(2, "session:8123"),
      { who: anIdleTransaction(7, 30), holds: [{}], blocksDirectly: 2 },
    ];
    const [finding] = findingsOf(members);
    expect(finding?.actions[0]?.consequence).toContain("1 other session holds the same lock");
  });

  it("A40 leaves an administrator to a person, with the statement, the reason and the way to release it", () => {
    const who = anIdleTransaction(3, 300, { user: "master", administrator: true });
    const members = [{ who }, ...waiters(5, "session:3")];
    const [action] = findingsOf(members)[0]?.actions ?? [];
    expect(action).toMatchObject({ id: "terminate-session", automatic: false, frees: 5 });
    expect(action?.consequence).toContain("rds_superuser");
    expect(action?.consequence).toContain("policy.actOnAdministrators");
    // Pasted, it has to end the session that it was written for.
    expect(action?.preview).not.toContain("rds_superuser");
    const released = settingsSchema.parse({ policy: { actOnAdministrators: true } });
    const [allowed] = rule.evaluate(aView({ forests: [aForest(members)] }, released))[0]?.actions ?? [];
    expect(allowed).toMatchObject({ automatic: true, frees: 5 });
    expect(allowed?.preview).not.toContain("rds_superuser");
  });

  it("A5 A40 proposes no end of a session that has prepared an XA transaction: it would stay", () => {
    const of = (query: string) => {
      const who = { ...anIdleTransaction(5, 90), query };
      const holds = [{ mode: "X,REC_NOT_GAP" }];
      const forests = [aForest([{ who, holds }, ...waiters(3, "session:5")])];
      return rule.evaluate(aView({ engine: "mysql", forests }))[0];
    };
    const finding = of("XA PREPARE ?");
    expect(finding?.actions).toEqual([]);
    expect(JSON.stringify(finding?.evidence)).toContain("XA COMMIT or XA ROLLBACK finishes it");
    expect(of("XA START ?")?.actions).not.toEqual([]);
  });

  it("A40 names a protected holder and proposes nothing", () => {
    const who = anIdleTransaction(3, 60, { application: "PG_DUMP" });
    const [finding] = findingsOf([{ who }, ...waiters(5, "session:3")]);
    expect(finding?.actions).toEqual([]);
    expect(JSON.stringify(finding?.evidence)).toContain("protected list");
  });

  it("D3 claims the full pool only when its waiters are what fills it", () => {
    const members = [{ who: holder }, ...waiters(60, "session:8123")];
    const causes = (busy: number, count = 60) =>
      rule
        .evaluate(
          aView({
            forests: [aForest(members.slice(0, count + 1))],
            groups: [aGroup(count, { waitingOnLock: count }), aGroup(busy, { state: "idle" })],
          }),
        )[0]
        ?.explains.map(({ cause }) => cause);
    expect(causes(30)).toContain("connections-near-limit");
    expect(causes(94, 2)).not.toContain("connections-near-limit");
    expect(causes(5)).not.toContain("connections-near-limit");
  });

  it("P24 joins row locks and metadata locks: a root that waits elsewhere is not a root", () => {
    const inner = aSession(2, {
      application: "worker",
      state: "active",
      statementSeconds: 20,
      transactionSeconds: 30,
    });
    const rows = aForest([{ who: inner }, ...waiters(3, "session:2", { firstId: 300 })]);
    const metadata = aForest([
      { who: anIdleTransaction(1, 60) },
      { who: inner, behind: "session:1", waits: { objectKind: "metadata", waitSeconds: 20 } },
    ]);
    const view = aView({ engine: "mysql", forests: [rows, metadata] });
    const found = rule.evaluate(view);
    expect(found.map(({ subject }) => subject)).toEqual(["session:1"]);
    expect(found[0]?.summary).toContain("connection 1) blocks 4 sessions");
  });
});
