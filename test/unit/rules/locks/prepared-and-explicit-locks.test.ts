import { describe, expect, it } from "vitest";
import type { Session } from "../../../../functions/core/contract/session.ts";
import { diagnose } from "../../../../functions/core/diagnosis/diagnose.ts";
import { unsureRefusal } from "../../../../functions/core/policy/sure.ts";
import { explicitLockHeld } from "../../../../functions/core/rules/locks/explicit-lock-held.ts";
import { preparedTransactionHoldingLocks } from "../../../../functions/core/rules/locks/prepared-transaction-holding-locks.ts";
import { defaultSettings } from "../../../../functions/core/settings.ts";
import { aGroup, aView, someEvidence } from "../../../support/evidence-builder.ts";
import {
  aForest,
  anIdleTransaction,
  aPrepared,
  aRunning,
  aSession,
  type Member,
  waiters,
} from "../../../support/forest-builder.ts";

describe("prepared-transaction-holding-locks", () => {
  const members: Member[] = [{ who: aPrepared("pay'1") }, ...waiters(4, "prepared:pay'1")];

  it("D8 leaves it to a person and shows the statement, with the gid quoted", () => {
    const [finding] = preparedTransactionHoldingLocks.evaluate(aView({ forests: [aForest(members)] }));
    expect(finding?.actions).toEqual([
      expect.objectContaining({
        id: "finish-prepared-transaction",
        risk: "irreversible",
        automatic: false,
        preview: "ROLLBACK PREPARED 'pay''1'",
      }),
    ]);
    expect(finding?.actions[0]?.consequence).toContain("in database shop as shop");
  });

  it("D8 uses XA on MySQL and MariaDB", () => {
    const view = aView({ engine: "mariadb", forests: [aForest(members)] });
    expect(preparedTransactionHoldingLocks.evaluate(view)[0]?.actions[0]?.preview).toBe(
      "XA ROLLBACK 'pay''1'",
    );
  });

  it("A5 lists the names in the words of each engine where the name was not seen", () => {
    const unnamed = [
      { who: aPrepared("InnoDB transaction 77") },
      ...waiters(4, "prepared:InnoDB transaction 77"),
    ];
    const preview = (engine: "mysql" | "mariadb") =>
      preparedTransactionHoldingLocks.evaluate(aView({ engine, forests: [aForest(unnamed)] }))[0]?.actions[0]
        ?.preview;
    expect(preview("mysql")).toMatch(/^XA RECOVER CONVERT XID; -- /);
    expect(preview("mariadb")).toMatch(/^XA RECOVER FORMAT='SQL'; -- /);
  });

  it("A5 lists the names that it may have, in comments, so that a paste ends none of them", () => {
    const unnamed = aPrepared("InnoDB transaction 77", { candidates: ["X'61',X'62',7", "'b'"] });
    const forests = [aForest([{ who: unnamed }, ...waiters(4, "prepared:InnoDB transaction 77")])];
    const [finding] = preparedTransactionHoldingLocks.evaluate(aView({ engine: "mysql", forests }));
    expect(finding?.actions[0]?.preview.split("\n").slice(1)).toEqual([
      "-- XA ROLLBACK X'61',X'62',7; gtrid a, bqual b, format 7",
      "-- XA ROLLBACK 'b'; gtrid b, format 1",
    ]);
    expect(finding?.evidence.map(({ says }) => says)).toContain(
      "InnoDB does not say which of 2 prepared XA transactions it is: gtrid a, bqual b, format 7 and gtrid b, format 1",
    );
  });

  it("D8 proposes no kill anywhere in the diagnosis", () => {
    const diagnosis = diagnose(someEvidence({ forests: [aForest(members)] }), defaultSettings);
    expect(diagnosis.rootCauses).toEqual(["prepared-transaction-holding-locks:prepared:pay'1"]);
    expect(diagnosis.findings.flatMap(({ actions }) => actions).filter(({ automatic }) => automatic)).toEqual(
      [],
    );
  });
});

describe("explicit-lock-held", () => {
  const lock = {
    object: "orders",
    objectKind: "table",
    mode: "AccessExclusiveLock",
    explicit: true,
  } as const;

  function findingOf(members: readonly Member[], engine: "postgres" | "mysql" = "postgres") {
    return explicitLockHeld.evaluate(aView({ engine, forests: [aForest(members)] }))[0];
  }

  it("D4 ends an idle session that locked a table", () => {
    const finding = findingOf([{ who: anIdleTransaction(1, 60), holds: [lock] }, ...waiters(4, "session:1")]);
    expect(finding?.actions.map(({ id }) => id)).toEqual(["terminate-session"]);
    expect(finding?.summary).toContain("holds an explicit lock, AccessExclusiveLock of table orders");
  });

  it("D4 cancels first where a cancel gives the lock back, and only there", () => {
    const members = (holds: Member["holds"]): Member[] => [
      { who: aRunning(1, 60), ...(holds ? { holds } : {}) },
      ...waiters(4, "session:1"),
    ];
    const ids = (finding: ReturnType<typeof findingOf>) => finding?.actions.map(({ id }) => id);
    expect(ids(findingOf(members([lock])))).toEqual(["cancel-query", "terminate-session"]);
    expect(ids(findingOf(members([lock]), "mysql"))).toEqual(["terminate-session"]);
    expect(ids(findingOf(members([{ ...lock, objectKind: "advisory" }])))).toEqual(["terminate-session"]);
  });

  it("D4 knows a global read lock of an idle connection", () => {
    const ftwrl = { object: "global", objectKind: "global", mode: "SHARED", explicit: true } as const;
    const finding = findingOf(
      [
        { who: aSession(1, { state: "idle", stateSeconds: 90, transactionSeconds: null }), holds: [ftwrl] },
        ...waiters(12, "session:1", { waits: { object: "global", objectKind: "global" } }),
      ],
      "mysql",
    );
    expect(finding?.severity).toBe("P1");
    expect(finding?.actions.map(({ id }) => id)).toEqual(["terminate-session"]);
  });

  it("A40 leaves one standby alone that waits for an advisory lock, as leader elections do", () => {
    const advisory = { ...lock, object: "42", objectKind: "advisory" } as const;
    const wait = { object: "42", objectKind: "advisory", waitSeconds: 86_400 } as const;
    const leader = aSession(1, { state: "idle", stateSeconds: 86_400, transactionSeconds: null });
    const finding = findingOf([
      { who: leader, holds: [advisory] },
      ...waiters(1, "session:1", { waits: wait }),
    ]);
    expect(finding).toMatchObject({ severity: "P3", actions: [] });
  });

  describe("an advisory or named lock", () => {
    const advisory = { ...lock, object: "42", objectKind: "advisory" } as const;
    const wait = { object: "42", objectKind: "advisory", waitSeconds: 86_400 } as const;
    const leader = aSession(1, { state: "idle", stateSeconds: 86_400, transactionSeconds: null });
    const election = (standbys: number): Member[] => [
      { who: leader, holds: [advisory] },
      ...waiters(standbys, "session:1", { seconds: 86_400, waits: wait }),
    ];

    it.each([2, 3, 9])(
      "A40 is waited for on purpose: %i standbys are no incident, and nobody is ended unasked",
      (standbys) => {
        for (const engine of ["postgres", "mysql"] as const) {
          const finding = findingOf(election(standbys), engine);
          expect(finding?.severity).toBe("P3");
          expect(finding?.summary).toContain("on purpose");
          expect(finding?.actions.map(({ automatic, frees }) => ({ automatic, frees }))).toEqual([
            { automatic: false, frees: null },
          ]);
        }
      },
    );

    describe("where many wait", () => {
      const told = (
        seconds: number,
        clients: number,
        connections: number,
        query = "SELECT 1",
        { holder, oneFor = seconds }: { holder?: Session; oneFor?: number } = {},
      ) => {
        const waits = { ...wait, waitSeconds: seconds };
        const waiting = waiters(40, "session:1", { seconds, waits }).map((member, index) =>
          "who" in member && "id" in member.who
            ? {
                ...member,
                who: {
                  ...member.who,
                  ...{ query, client: `10.0.0.${index % clients}` },
                  statementSeconds: index === 0 ? oneFor : seconds,
                },
              }
            : member,
        );
        const forest = aForest([{ who: holder ?? leader, holds: [advisory] }, ...waiting]);
        const groups = [aGroup(connections, { application: "web", user: "shop" })];
        return explicitLockHeld.evaluate(aView({ forests: [forest], groups }))[0];
      };

      it.each([
        ["most of what a user has stands still", 600, 20, 50],
        ["and for more than an hour: all grow old together", 5000, 20, 50],
        ["several of each client do", 600, 4, 400],
      ])("A40 is an incident where %s: those are requests", (_why, seconds, clients, connections) => {
        const finding = told(seconds, clients, connections);
        expect(finding).toMatchObject({ severity: "P1", actions: [{ automatic: false }] });
        expect(finding?.summary).toContain("are its requests, which stand still");
      });

      it("A40 is none where each of many clients keeps a connection for it, all that its user has", () => {
        expect(told(600, 40, 400)?.severity).toBe("P3");
        expect(told(600, 40, 41)?.severity).toBe("P3");
      });

      it("A40 is none of who has waited for days, though all come from one address", () => {
        expect(told(200_000, 1, 41)?.severity).toBe("P3");
      });

      const running = aRunning(1, 200_000, { query: "SELECT f($1)" });
      const idle = aSession(1, { state: "idle-in-transaction", stateSeconds: 700, transactionSeconds: 700 });

      it("A40 is an incident still when its holder has hung for as many days as they wait", () => {
        expect(told(190_000, 1, 41, "SELECT 1", { holder: running })?.severity).toBe("P1");
        expect(told(250_000, 1, 41, "SELECT 1", { holder: running })?.severity).toBe("P3");
      });

      it("A40 is an incident for the others where one of them has stood by for days", () => {
        expect(told(600, 1, 41, "SELECT 1", { oneFor: 200_000 })?.severity).toBe("P1");
      });

      it("A40 is an incident where the holder is idle in a transaction, which nobody is who leads", () => {
        expect(told(600, 40, 400, "SELECT 1", { holder: idle })?.severity).toBe("P1");
        expect(told(800, 40, 400, "SELECT 1", { holder: idle })?.severity).toBe("P3");
        // psycopg2, and JDBC without autocommit, begin a transaction for it.
        const leads = { ...idle, query: "SELECT pg_advisory_lock($1)" };
        expect(told(600, 40, 400, "SELECT 1", { holder: leads })?.severity).toBe("P3");
      });

      it("A40 is none where one of many that start migrates, nor for days behind who leads in a transaction", () => {
        const query = "SELECT pg_advisory_xact_lock($1)";
        const migrating = aRunning(1, 240, { query: "/* 0042 */ ALTER TABLE orders ADD COLUMN note text" });
        expect(told(240, 40, 400, query, { holder: migrating })?.severity).toBe("P3");
        const leading = { ...idle, stateSeconds: 0.4, transactionSeconds: 400_000 };
        expect(told(390_000, 40, 400, query, { holder: leading })?.severity).toBe("P3");
      });

      it("A40 is an incident where each waits for a lock of its transaction, wherever from", () => {
        const query = "SELECT pg_advisory_xact_lock($1)";
        expect(told(600, 40, 400, query)?.severity).toBe("P1");
        expect(told(600, 40, 400, "SELECT pg_advisory_lock($1)")?.severity).toBe("P3");
      });
    });

    it("A40 makes nothing of standbys in the whole diagnosis that would be done unasked", () => {
      const sessions = election(3)
        .map(({ who }) => who)
        .filter((who) => "id" in who);
      const diagnosis = diagnose(
        someEvidence({ sessions, forests: [aForest(election(3))] }),
        defaultSettings,
      );
      expect(new Set(diagnosis.findings.map(({ severity }) => severity))).toEqual(new Set(["P3"]));
      expect(diagnosis.findings.flatMap(({ actions }) => actions).some(({ automatic }) => automatic)).toBe(
        false,
      );
    });

    it("A40 is an incident when somebody else waits behind a standby, but the leader is left to a person", () => {
      const behind = waiters(12, "session:9000", { firstId: 9100 });
      const finding = findingOf([...election(1), ...behind]);
      expect(finding?.severity).toBe("P1");
      expect(finding?.actions.map(({ id, automatic }) => [id, automatic])).toEqual([
        ["terminate-session", false],
      ]);
    });

    it("A40 leaves a holder whose table others wait for as well to a person, who sees how to end it", () => {
      const both: Member[] = [
        { who: anIdleTransaction(1, 300), holds: [advisory, lock] },
        ...waiters(1, "session:1", { waits: wait }),
        ...waiters(12, "session:1", { firstId: 9100 }),
      ];
      const finding = findingOf(both);
      expect(finding?.severity).toBe("P1");
      const [end] = finding?.actions ?? [];
      expect(end).toMatchObject({ id: "terminate-session", neverAlone: { kind: "advisory-lock" } });
      expect(end && unsureRefusal(end)).toMatchObject({ guard: "never-alone" });
    });
  });

  it.each(["mysql", "mariadb"] as const)(
    "A40 leaves a backup's lock on %s to a person, also when its session has opened a snapshot that changed no row",
    (engine) => {
      const backup = anIdleTransaction(1, 300, { rowsModified: 0, transactionSeconds: 301 });
      for (const held of [
        { ...lock, objectKind: "global" as const, object: "all tables", mode: "SHARED", explicit: true },
        { ...lock, explicit: true },
      ]) {
        const waits = { object: held.object, objectKind: held.objectKind };
        const members: Member[] = [{ who: backup, holds: [held] }, ...waiters(12, "session:1", { waits })];
        const [finding] = explicitLockHeld.evaluate(aView({ engine, forests: [aForest(members)] }));
        const [end] = finding?.actions ?? [];
        expect(end).toMatchObject({ id: "terminate-session", neverAlone: { kind: "explicit-lock" } });
        expect(end && unsureRefusal(end)).toMatchObject({ guard: "never-alone" });
      }
    },
  );

  it("D4 ignores an explicit lock that nobody waits for", () => {
    const members: Member[] = [
      { who: anIdleTransaction(1, 60), holds: [{ ...lock, object: "other" }, { object: "orders" }] },
      ...waiters(4, "session:1"),
    ];
    expect(findingOf(members)).toBeUndefined();
  });

  it("A40 does not touch a protected holder", () => {
    const who = anIdleTransaction(1, 60, { superuser: true });
    const finding = findingOf([{ who, holds: [lock] }, ...waiters(4, "session:1")]);
    expect(finding?.actions).toEqual([]);
  });
});
