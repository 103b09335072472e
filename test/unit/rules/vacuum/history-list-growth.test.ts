import { describe, expect, it } from "vitest";
import { historyListGrowth as rule } from "../../../../functions/core/rules/vacuum/history-list-growth.ts";
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
    rowsModified: 0,
    rowsLocked: 0,
    query: null,
  };
  const findingsOf = (
    overrides = {},
    transactions: object[] = [transaction],
    session = anIdleTransaction(8, 900),
  ) =>
    rule.evaluate(
      lookedDeeper(
        {
          "mysql-oldest-transaction-purge": [{ ...purge, ...overrides }],
          "mysql-oldest-transaction": JSON.parse(JSON.stringify(transactions)),
        },
        { engine: "mysql", sessions: [session] },
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

  it("D4 does not blame a transaction whose view lasts for a statement only, nor a young one", () => {
    const summary = (overrides: object) => findingsOf({}, [{ ...transaction, ...overrides }])[0]?.summary;
    expect(summary({ keepsView: false })).toContain("no old transaction holds them");
    expect(summary({ ageSeconds: 59 })).toContain("no old transaction holds them");
  });

  it("D4 is hygiene while purge catches up and nobody is in its way", () => {
    expect(findingsOf({ historyGrowthPerSecond: -5000 }, [])[0]).toMatchObject({ severity: "P3" });
    expect(findingsOf({ historyGrowthPerSecond: 5000 }, [])[0]).toMatchObject({
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
