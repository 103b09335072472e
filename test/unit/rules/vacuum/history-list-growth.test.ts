import { describe, expect, it } from "vitest";
import { historyListGrowth as rule } from "../../../../functions/core/rules/vacuum/history-list-growth.ts";
import { aTarget } from "../../../support/evidence-builder.ts";
import { anIdleTransaction } from "../../../support/forest-builder.ts";
import { lookedDeeper } from "../../../support/statement-builder.ts";

describe("history-list-growth", () => {
  const purge = {
    intervalSeconds: 1,
    historyListLength: 400_000,
    historyGrowthPerSecond: 900,
    undoBytes: 2_000_000_000,
    undoTablespaces: 2,
    undoTruncateBytes: 1_073_741_824,
    undoTruncateOn: true,
    purgeThreads: 4,
    maxPurgeLag: 0,
    monitor: {
      nextNumber: 900_000,
      purgedBelow: 90_000,
      openViews: 1,
      openViewsBefore: 1,
      purgeStands: true,
    },
  };
  const transaction = {
    transactionId: "421",
    sessionId: 8,
    user: "shop",
    client: null,
    database: "shop",
    state: "idle",
    ageSeconds: 900,
    idleSeconds: 890,
    isolationLevel: "REPEATABLE READ",
    keepsView: true,
    readView: { unseenFrom: 90_050 },
    rowsModified: 0,
    rowsLocked: 0,
    query: null,
  };
  const findingsOf = (
    overrides = {},
    transactions: object[] = [transaction],
    session = anIdleTransaction(8, 900),
    flavour: "rds" | "aurora" = "rds",
  ) =>
    rule.evaluate(
      lookedDeeper(
        {
          "mysql-oldest-transaction-purge": [{ ...purge, ...overrides }],
          "mysql-oldest-transaction": JSON.parse(JSON.stringify(transactions)),
        },
        {
          engine: "mysql",
          sessions: [session],
          overrides: { target: aTarget({ engine: "mysql", flavour }) },
        },
      ),
    );

  it("D4 names the transaction that holds the old versions, and proposes to end it", () => {
    const [finding] = findingsOf();
    expect(finding).toMatchObject({ severity: "P2" });
    expect(finding?.summary).toContain("connection 8");
    expect(finding?.actions.map(({ id }) => id)).toEqual(["terminate-session"]);
  });

  it("D4 says nothing of a short list, and is hygiene below the harmful length", () => {
    expect(findingsOf({ historyListLength: 9999 })).toEqual([]);
    expect(findingsOf({ historyListLength: 10_000 })[0]).toMatchObject({ severity: "P3", actions: [] });
    expect(findingsOf({ historyListLength: 99_999 })[0]).toMatchObject({ severity: "P3" });
  });

  it("D4 does not blame an older transaction that InnoDB lists without a view, nor a young one", () => {
    const summary = (overrides: object) => findingsOf({}, [{ ...transaction, ...overrides }])[0]?.summary;
    expect(summary({ readView: { unseenFrom: null } })).toContain("no old transaction holds them");
    expect(summary({ ageSeconds: 59 })).toContain("needs them, and is not old yet");
    expect(findingsOf({}, [{ ...transaction, ageSeconds: 59 }])[0]).toMatchObject({
      severity: "P3",
      actions: [],
    });
    const innocent = { ...transaction, sessionId: 7, ageSeconds: 4000, readView: { unseenFrom: null } };
    const [finding] = findingsOf({}, [innocent, transaction]);
    expect(finding?.summary).toContain("connection 8");
    expect(finding?.actions.map(({ input }) => input)).toMatchObject([{ sessionId: 8 }]);
  });

  it("D4 blames a statement that runs under READ COMMITTED, since its view lasts as long, and ends it not", () => {
    const running = {
      state: "active",
      idleSeconds: null,
      isolationLevel: "READ COMMITTED",
      keepsView: false,
    };
    const [finding] = findingsOf({}, [{ ...transaction, ...running }]);
    expect(finding?.summary).toContain("connection 8");
    expect(finding?.actions).toEqual([]);
  });

  it("D4 names candidates and proposes nothing where nothing proves who has the view that purge waits for", () => {
    const reader = { ...transaction, readView: null };
    const candidates = (overrides: object, rows: object[]) => findingsOf(overrides, rows)[0];
    const { monitor } = purge;
    const two = candidates({}, [reader, { ...reader, sessionId: 9, ageSeconds: 300 }]);
    expect(two?.summary).toContain("connection 8, idle) may be what needs them, which was not proved");
    expect(two?.evidence.map(({ says }) => says).join()).toContain("connection 9 (5 min, idle)");
    expect(two?.actions).toEqual([]);
    const unproved = [
      candidates({ monitor: null }, [reader]),
      candidates({ monitor: { ...monitor, openViews: 2 } }, [reader]),
      candidates({ monitor: { ...monitor, openViewsBefore: 0 } }, [reader]),
      candidates({ monitor: { ...monitor, purgeStands: false } }, [reader]),
      candidates({}, [{ ...reader, rowsLocked: 1 }]),
      // Recorded before the monitor was read.
      candidates({ monitor: undefined }, [{ ...transaction, readView: undefined }]),
      candidates({}, [{ ...transaction, readView: undefined }]),
    ];
    for (const finding of unproved) expect(finding).toMatchObject({ actions: [], severity: "P3" });
    const [action] = candidates({}, [reader])?.actions ?? [];
    expect(action?.consequence).toContain("follows by elimination only");
    expect([action?.causes, action?.ends]).toEqual([undefined, undefined]);
  });

  /** Beside a reader that MySQL does not list, clients that commit hundreds of small transactions a second. */
  const writer = { ...transaction, state: "active", ageSeconds: 0, idleSeconds: null, rowsModified: 1 };
  const streaming = { ...transaction, state: "active", idleSeconds: null, readView: null };

  it("D4 finds the reader by elimination beside writers that began long after the history did", () => {
    const busy = [streaming, { ...writer, sessionId: 21, rowsLocked: 2 }, { ...writer, sessionId: 22 }];
    const named = (rows: object[], overrides = {}) =>
      findingsOf(
        overrides,
        rows.map((row) => ({ ...row, readView: null })),
      )[0];
    const found = named(busy);
    expect(found).toMatchObject({ severity: "P2", actions: [] });
    expect(found?.summary).toContain("connection 8, active) still needs them");
    // One that is old enough to have seen it begin may be who keeps it; and so may all where it does not grow.
    expect(named([streaming, { ...writer, ageSeconds: 45 }])?.summary).toContain("was not proved");
    expect(named(busy, { historyGrowthPerSecond: 0 })?.summary).toContain("was not proved");
  });

  it("D4 takes one that runs for old by the age of a long statement, and says whose it is", () => {
    const finding = (state: string) =>
      rule.evaluate(
        lookedDeeper(
          {
            "mysql-oldest-transaction-purge": [purge],
            "mysql-oldest-transaction": [
              { ...transaction, state, ageSeconds: 46, idleSeconds: null, client: "localhost" },
            ],
          },
          {
            engine: "mariadb",
            sessions: [anIdleTransaction(8, 46, { application: "bi-connector" })],
          },
          { longRunningSeconds: 20, killCandidateSeconds: 40 },
        ),
      )[0];
    expect(finding("active")).toMatchObject({ severity: "P2" });
    expect(finding("active")?.summary).toContain(
      "open for 46 s (app bi-connector, user shop, connection 8, active)",
    );
    expect(finding("idle")?.summary).toContain("needs them, and is not old yet");
  });

  it("D4 does not blame a view that keeps little of the list: purge is behind by itself", () => {
    const young = { ...transaction, readView: { unseenFrom: 500_000 } };
    expect(findingsOf({}, [young])[0]).toMatchObject({ severity: "P3", actions: [] });
  });

  it("D11 leaves it to a person where another view may keep purge from going on", () => {
    const second = { ...transaction, sessionId: 9, readView: { unseenFrom: 91_000 } };
    const late = { ...transaction, sessionId: 9, readView: { unseenFrom: 899_000 } };
    const { monitor } = purge;
    const two = { monitor: { ...monitor, openViews: 2 } };
    const automatic = (overrides: object, rows: object[], flavour: "rds" | "aurora" = "rds") =>
      findingsOf(overrides, rows, anIdleTransaction(8, 900), flavour)[0]?.actions.map(
        (each) => each.automatic,
      );
    expect(automatic({}, [transaction])).toEqual([true]);
    // Nobody waits, and purge may be stopped by somebody else: never unasked.
    const [action] =
      findingsOf({}, [transaction], anIdleTransaction(8, 900, { rowsModified: 0 }))[0]?.actions ?? [];
    expect(action).toMatchObject({ id: "terminate-session" });
    expect([action?.causes, action?.ends]).toEqual([undefined, undefined]);
    expect(automatic(two, [transaction, late])).toEqual([true]);
    expect(automatic(two, [transaction, second])).toEqual([false]);
    expect(automatic(two, [transaction])).toEqual([false]);
    expect(automatic({}, [transaction], "aurora")).toEqual([false]);
  });

  it("D4 is hygiene while purge catches up, and while it grows for a second with nobody in its way", () => {
    const severity = (overrides: object) => findingsOf(overrides, [])[0]?.severity;
    expect(severity({ historyGrowthPerSecond: -5000 })).toBe("P3");
    expect(severity({ historyGrowthPerSecond: 5000 })).toBe("P3");
    expect(severity({ historyListLength: 1_000_000, historyGrowthPerSecond: -5000 })).toBe("P3");
    expect(findingsOf({ historyListLength: 1_000_000, historyGrowthPerSecond: 5000 }, [])[0]).toMatchObject({
      severity: "P2",
      actions: [],
    });
  });

  it("A2 proposes nothing against a running one, a young idle one, a stranger or a protected one", () => {
    const actions = (overrides: object, session = anIdleTransaction(8, 900)) =>
      findingsOf({}, [{ ...transaction, ...overrides }], session)[0]?.actions;
    expect(actions({ state: "active", idleSeconds: null })).toEqual([]);
    expect(actions({ idleSeconds: 299 })).toEqual([]);
    expect(actions({ user: "other" })).toEqual([]);
    expect(actions({}, anIdleTransaction(8, 900, { application: "mysqldump" }))).toEqual([]);
  });
});
