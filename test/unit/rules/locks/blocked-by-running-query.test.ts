import { describe, expect, it } from "vitest";
import type { Session } from "../../../../functions/core/contract/session.ts";
import { blockedByIdleTransaction } from "../../../../functions/core/rules/locks/blocked-by-idle-transaction.ts";
import { blockedByRunningQuery as rule } from "../../../../functions/core/rules/locks/blocked-by-running-query.ts";
import { aView } from "../../../support/evidence-builder.ts";
import {
  aForest,
  anIdleTransaction,
  aRunning,
  type Member,
  waiters,
} from "../../../support/forest-builder.ts";

function findingOf(session: Session, engine: "postgres" | "mysql" = "postgres", count = 3) {
  return rule.evaluate(
    aView({ engine, forests: [aForest([{ who: session }, ...waiters(count, `session:${session.id}`)])] }),
  )[0];
}

describe("blocked-by-running-query", () => {
  it("A1 proposes to cancel the statement first and to end the session second", () => {
    const finding = findingOf(aRunning(7, 95));
    expect(finding?.actions.map(({ id }) => id)).toEqual(["cancel-query", "terminate-session"]);
    expect(finding?.summary).toBe(
      "1 statement running for 1 min 35 s (app checkout, user shop, pid 7) blocks 3 sessions on table orders; longest wait 38 s",
    );
  });

  it.each([
    ["mysql", "DO SLEEP(?)", "User sleep"],
    ["postgres", "select pg_sleep($1)", "Timeout:PgSleep"],
  ] as const)(
    "D2 tells on %s that it sleeps with what it has locked before: %s",
    (engine, query, waitEvent) => {
      const finding = findingOf(aRunning(7, 95, { query, waitEvent, autocommit: false }), engine);
      expect(finding?.summary).toMatch(/^1 session put to sleep by its own statement for 1 min 35 s \(/);
      const locked = "a sleep locks nothing: it keeps what earlier statements of its transaction have locked";
      expect(finding?.evidence.map(({ says }) => says)).toContain(locked);
      const ofRows = { query: "SELECT SLEEP(?) FROM orders FOR UPDATE", waitEvent };
      expect(findingOf(aRunning(7, 95, ofRows), engine)?.evidence.map(({ says }) => says)).not.toContain(
        locked,
      );
    },
  );

  it("D2 says how what builds or empties under a lock is done while others write, and nothing of it else", () => {
    const said = (query: string, engine: "postgres" | "mysql") =>
      findingOf(aRunning(7, 95, { query }), engine)
        ?.evidence.map(({ says }) => says)
        .filter((says) => says.startsWith("what would change it: "))
        .join() ?? "";
    expect(said("CREATE UNIQUE INDEX i ON orders (state)", "postgres")).toContain(
      "CREATE INDEX CONCURRENTLY",
    );
    expect(said("SET lock_timeout = 5; create index on orders (state)", "postgres")).not.toBe("");
    expect(said("REINDEX (VERBOSE) TABLE orders", "postgres")).toContain("REINDEX … CONCURRENTLY");
    for (const query of ["VACUUM FULL orders", "VACUUM (FULL, ANALYZE) orders", "CLUSTER orders USING i"])
      expect(said(query, "postgres")).toContain("VACUUM without FULL");
    for (const query of [
      "CREATE INDEX CONCURRENTLY i ON orders (state)",
      "REINDEX (VERBOSE) TABLE CONCURRENTLY orders",
      "REINDEX SYSTEM shop",
      "VACUUM (FULL false) orders",
      "VACUUM (ANALYZE) orders",
      "ALTER TABLE orders ADD COLUMN note text",
      "UPDATE orders SET state = 'create index'",
      "SELECT 'x; REINDEX TABLE orders' FROM orders FOR UPDATE",
    ])
      expect(said(query, "postgres")).toBe("");
    for (const query of [
      "ALTER TABLE orders MODIFY state varchar(?), ALGORITHM=COPY",
      "ALTER TABLE orders ADD INDEX (state), ALGORITHM=INPLACE, LOCK=SHARED",
      "CREATE INDEX i ON orders (state) LOCK EXCLUSIVE",
      "SET STATEMENT lock_wait_timeout=5 FOR ALTER TABLE orders ADD INDEX (state)",
    ])
      expect(said(query, "mysql")).toContain("ALGORITHM=INPLACE, LOCK=NONE at its end");
    for (const query of [
      "ALTER TABLE orders ADD INDEX (state), ALGORITHM=INPLACE, LOCK=NONE",
      "ALTER TABLE orders ADD FULLTEXT INDEX (note)",
      "ALTER TABLE orders DROP PARTITION p1",
      "ALTER TABLE orders DISABLE KEYS",
      "UPDATE orders SET state = ?",
      "CREATE TRIGGER t AFTER UPDATE ON orders FOR EACH ROW SET @n = 1",
    ])
      expect(said(query, "mysql")).toBe("");
  });

  it("D2 says so only where the others want what it builds, and not what its transaction has locked before", () => {
    const wanted = (object: string, query = "CREATE INDEX i ON events (tenant)") => {
      const who = aRunning(7, 95, { query, transactionSeconds: 140 });
      const holds = [{ object: "public.users", mode: "AccessExclusiveLock" }, { object: "public.events" }];
      const forests = [aForest([{ who, holds }, ...waiters(5, "session:7", { waits: { object } })])];
      const says = rule.evaluate(aView({ forests }))[0]?.evidence.map((one) => one.says) ?? [];
      return says.filter((each) => each.startsWith("what would change it: ")).length;
    };
    expect(wanted("public.users")).toBe(0);
    expect(wanted("public.events")).toBe(1);
    // It may name an index alone.
    expect(wanted("public.events", "REINDEX INDEX i")).toBe(1);
  });

  it("D6 ends nothing for a wait of a moment, which whoever waits may be about to give up", () => {
    const at = (seconds: number) =>
      rule.evaluate(
        aView({ forests: [aForest([{ who: aRunning(7, 95) }, ...waiters(3, "session:7", { seconds })])] }),
      )[0];
    expect(at(0.022)).toMatchObject({ severity: "P3", actions: [] });
    expect(at(0.022)?.summary).toContain("it has only just begun");
    for (const seconds of [0, 0.3]) expect(at(seconds)).toMatchObject({ severity: "P2" });
    const idle = { who: anIdleTransaction(7, 7200) };
    const forests = [aForest([idle, ...waiters(6, "session:7", { seconds: 0.1 })])];
    expect(blockedByIdleTransaction.evaluate(aView({ forests }))[0]).toMatchObject({ severity: "P2" });
  });

  it("D2 says by its locks that a loader has emptied the table before, and nothing of the kind of LOCK TABLE or of the DDL itself", () => {
    const heldBy = (query: string, modes: readonly string[]) => {
      const who = aRunning(7, 95, { query, autocommit: false });
      const holds = modes.map((mode) => ({ mode, object: "public.rates", objectKind: "table" as const }));
      const forests = [aForest([{ who, holds }, ...waiters(3, "session:7")])];
      return (
        rule
          .evaluate(aView({ forests }))[0]
          ?.evidence.map(({ says }) => says)
          .join("\n") ?? ""
      );
    };
    const both = ["AccessExclusiveLock", "ShareLock"];
    const says = "by its locks it has emptied or rewritten table public.rates before";
    expect(heldBy("insert into rates select 1", both)).toContain(says);
    expect(heldBy("insert into rates select 1", ["AccessExclusiveLock"])).not.toContain("emptied");
    expect(heldBy("truncate rates", both)).not.toContain("emptied");
    expect(heldBy("alter table rates add x int", both)).not.toContain("emptied");
  });

  it("A2 ends the session on MySQL, where a cancel leaves the transaction and all its locks", () => {
    for (const overrides of [{}, { autocommit: false }]) {
      const finding = findingOf(aRunning(7, 95, { rowsModified: 2_000_000, ...overrides }), "mysql");
      expect(finding?.actions.map(({ id }) => id)).toEqual(["terminate-session"]);
      expect(finding?.actions[0]?.consequence).toContain(
        "2000000 changed rows roll back, which may take longer",
      );
    }
  });

  it("A1 cancels on MySQL what is a transaction of its own: under autocommit, and DDL", () => {
    const own = findingOf(aRunning(7, 95, { autocommit: true }), "mysql");
    expect(own?.actions.map(({ id }) => id)).toEqual(["cancel-query", "terminate-session"]);
    expect(own?.actions[0]?.consequence).toContain("a transaction of its own");
    const ddl = findingOf(aRunning(7, 95, { query: "/* v7 */ ALTER TABLE t ENGINE=InnoDB" }), "mysql");
    expect(ddl?.actions[0]?.id).toBe("cancel-query");
    // What is about temporary tables, or only explains, commits nothing.
    for (const query of [
      "CREATE TEMPORARY TABLE t AS SELECT * FROM orders",
      "CREATE OR REPLACE TEMPORARY TABLE t AS SELECT * FROM orders",
      "DROP TEMPORARY TABLE t",
      "ANALYZE FORMAT=JSON SELECT * FROM orders",
    ])
      expect(findingOf(aRunning(7, 95, { query }), "mysql")?.actions[0]?.id).toBe("terminate-session");
  });

  it("A2 ends the session on PostgreSQL where a savepoint may keep the locks: the transaction is older than its statement", () => {
    const sessions = [
      aRunning(7, 95, { transactionSeconds: 96 }),
      aRunning(7, 95, { autocommit: false }),
      aRunning(7, 95, { autocommit: true, query: "begin; update t set v = ?; savepoint s; select f()" }),
    ];
    for (const session of sessions)
      expect(findingOf(session)?.actions.map(({ id }) => id)).toEqual(["terminate-session"]);
    expect(findingOf(aRunning(7, 95, { autocommit: true }))?.actions[0]?.consequence).toContain(
      "a transaction of its own",
    );
  });

  it("T leaves to a person what has run for less than five minutes while few wait", () => {
    const action = (seconds: number, count: number) =>
      findingOf(aRunning(7, seconds), "postgres", count)?.actions[0];
    expect(action(299, 3)?.automatic).toBe(false);
    expect(action(299, 3)?.consequence).toContain("the bar is 5 min");
    expect(action(300, 3)?.automatic).toBe(true);
    expect(action(95, 10)?.automatic).toBe(true);
  });

  it("D8 D11 never takes a statement that works for the cause where only a change of the table waits for it", () => {
    const causes = (mode: string) => {
      const waiting = { who: aRunning(8, 320), behind: "session:7", waits: { mode, waitSeconds: 310 } };
      const holder = { who: aRunning(7, 400), holds: [{ mode: "ShareRowExclusiveLock" }] };
      const forests = [aForest([holder, waiting])];
      return rule.evaluate(aView({ forests }))[0]?.actions[0]?.causes;
    };
    expect(causes("AccessExclusiveLock")).toBeUndefined();
    expect(causes("RowExclusiveLock")).toBeDefined();
  });

  it("T leaves to a person a procedure that commits in chunks: its locks are of this moment", () => {
    const chunks = aRunning(7, 400, { transactionSeconds: 2 });
    expect(findingOf(chunks, "postgres", 1)?.actions[0]).toMatchObject({ automatic: false });
    expect(
      findingOf({ ...chunks, statementSeconds: 700 }, "postgres", 10)?.actions[0]?.costs,
    ).toBeUndefined();
  });

  it.each([
    ["an hour of work beside few changed rows", { rowsModified: 3, statementSeconds: 3600 }],
    ["a build, which counts no rows", { rowsModified: 0, query: "ALTER TABLE t ADD COLUMN a int" }],
    ["a table that is rebuilt", { rowsModified: 0, query: "OPTIMIZE TABLES t, u" }],
  ])("D11 does not say on MySQL that little is lost with %s", (_what, overrides) => {
    const actions = findingOf(aRunning(7, 400, overrides), "mysql")?.actions ?? [];
    expect(actions).not.toEqual([]);
    expect(actions.flatMap(({ costs }) => costs ?? [])).toEqual([]);
  });

  it.each<[string, Partial<Session>]>([
    ["replication", { kind: "replication" }],
    ["autovacuum", { kind: "autovacuum" }],
    ["the server itself", { kind: "system" }],
    ["a parallel worker", { kind: "parallel-worker", leaderId: 6 }],
    ["a superuser", { superuser: true }],
    ["the responder", { own: true }],
    ["a protected user", { user: "rdsadmin" }],
    ["a backup", { application: "pg_dump" }],
    ["an opted-out statement", { query: "/* RDS-responder:never */ UPDATE t SET a = 1" }],
  ])("A40 proposes nothing against %s and says so", (_name, overrides) => {
    const finding = findingOf(aRunning(7, 95, overrides));
    expect(finding?.actions).toEqual([]);
    expect(finding?.summary).toContain("not touched because");
  });

  it("A40 lets an anti-wraparound autovacuum finish and points at the DDL behind it", () => {
    const finding = findingOf(aRunning(7, 95, { kind: "autovacuum", wraparound: true }), "postgres", 1);
    expect(finding?.actions).toEqual([]);
    expect(JSON.stringify(finding?.evidence)).toContain("cancel the DDL that waits behind it instead");
  });

  it("D4 stays silent about idle holders and about a statement in the middle of the chain", () => {
    expect(findingOf(anIdleTransaction(7, 60))).toBeUndefined();
    const chain = aForest([
      { who: anIdleTransaction(1, 60) },
      { who: aRunning(2, 30), behind: "session:1" },
      ...waiters(5, "session:2"),
    ]);
    expect(rule.evaluate(aView({ forests: [chain] }))).toEqual([]);
  });

  it("D4 claims the long-running finding of the same statement", () => {
    expect(findingOf(aRunning(7, 95))?.explains).toContainEqual(
      expect.objectContaining({ cause: "long-running-query", subject: "session:7" }),
    );
  });

  it("A1 proposes no cancel where the server does not name the statement", () => {
    const finding = findingOf(aRunning(7, 95, { statementKey: null }), "mysql");
    expect(finding?.actions.map(({ id }) => id)).toEqual(["terminate-session"]);
  });

  it("A40 says what a cancelled DETACH CONCURRENTLY leaves behind", () => {
    const query = "ALTER TABLE parts DETACH PARTITION parts_1 CONCURRENTLY";
    const members: Member[] = [{ who: aRunning(1, 400, { query }) }, ...waiters(3, "session:1")];
    const [action] = rule.evaluate(aView({ forests: [aForest(members)] }))[0]?.actions ?? [];
    expect(action?.consequence).toContain("FINALIZE");
    expect(action?.neverAlone?.kind).toBe("maintenance-statement");
  });

  it.each([
    ["rolling-back", /^1 session that is rolling back for 4 s at most, 1200 changed rows left \(/],
    ["killed", /^1 session that was killed before and is ending \(/],
  ] as const)("D8 tells who is %s already, and proposes nothing", (ending, expected) => {
    const who = aRunning(1, 4, { ending, state: "other", statementSeconds: null, rowsModified: 1200 });
    const members: Member[] = [{ who }, ...waiters(3, "session:1")];
    const [finding] = rule.evaluate(aView({ engine: "mariadb", forests: [aForest(members)] }));
    expect(finding?.summary).toMatch(expected);
    expect(finding?.actions).toEqual([]);
    expect(finding?.evidence.map(({ says }) => says).join()).toContain("nothing makes faster");
  });

  it.each([
    ["mysql", true, { query: "ROLLBACK" }],
    ["mysql", false, { query: "ROLLBACK TO SAVEPOINT s" }],
    ["mysql", false, { query: "rollback work to s" }],
    ["mysql", false, { query: "UPDATE orders SET v = ?" }],
    ["mysql", true, { query: "UPDATE orders SET v = ?", autocommit: true }],
    ["mysql", true, { query: "UPDATE orders SET v = ?", state: "other" }],
    ["mariadb", true, { query: "/* job */ ROLLBACK" }],
    ["mariadb", false, { query: "UPDATE orders SET v = ?", state: "other" }],
    ["mariadb", false, { query: null }],
  ] as const)("D8 says of a rollback of %s that its locks go with it: %s, for %j", (engine, goes, change) => {
    const who = aRunning(1, 4, { ending: "rolling-back", rowsModified: 1200, ...change });
    const members: Member[] = [{ who }, ...waiters(3, "session:1")];
    const [finding] = rule.evaluate(aView({ engine, forests: [aForest(members)] }));
    const says = finding?.evidence.map((one) => one.says).join() ?? "";
    expect(says).toContain(goes ? "; its locks go when that is done" : "whether its locks go when that is");
  });
});
