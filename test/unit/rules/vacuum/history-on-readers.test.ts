import { describe, expect, it } from "vitest";
import { historyListGrowth } from "../../../../functions/core/rules/vacuum/history-list-growth.ts";
import { aProbe, aTarget, aView } from "../../../support/evidence-builder.ts";
import { metricView } from "../../../support/metric-scene.ts";

const purge = {
  ...{ intervalSeconds: 1, historyListLength: 3_900_000, historyGrowthPerSecond: 210, undoBytes: null },
  ...{ undoTablespaces: 0, undoTruncateBytes: 0, undoTruncateOn: false, purgeThreads: 4, maxPurgeLag: 0 },
};
const old = {
  ...{ transactionId: "9", sessionId: 8, user: "shop", client: null, database: "shop", state: "idle" },
  ...{ ageSeconds: 900, idleSeconds: 890, isolationLevel: "REPEATABLE READ", keepsView: true },
  ...{ readView: null, rowsModified: 0, rowsLocked: 0, query: null },
};

/** Of a writer with these readers beside it; null: nobody answered for its transactions. */
function told(flavour: "rds" | "aurora", readers: readonly string[], transactions: readonly object[] | null) {
  const { evidence } = metricView({
    engine: "mysql",
    self: { id: "orders-db", role: "writer" },
    others: readers.map((id) => ({ id, role: "reader" as const })),
  });
  const probes = [
    ...evidence.probes,
    aProbe("mysql-oldest-transaction-purge", [purge]),
    ...(transactions === null
      ? []
      : [aProbe("mysql-oldest-transaction", JSON.parse(JSON.stringify(transactions)))]),
  ];
  const target = aTarget({ engine: "mysql", flavour });
  return historyListGrowth.evaluate(aView({ overrides: { ...evidence, target, probes } }))[0];
}

describe("history that nobody on the writer holds", () => {
  it("D7 may be held on a reader of the Aurora cluster, which is named, and by what to look there", () => {
    const finding = told("aurora", ["orders-ro-1", "orders-ro-2"], []);
    expect(finding?.summary).toContain("one on a reader may (orders-ro-1 and orders-ro-2)");
    expect(finding?.summary).not.toContain("no old transaction holds them");
    expect(finding?.evidence.at(-1)?.says).toContain("information_schema.INNODB_TRX");
  });

  it("D7 is held by no transaction where there is no reader on the same volume", () => {
    expect(told("aurora", [], [])?.summary).toContain("no old transaction holds them");
    // A replica of RDS has a volume, and a history, of its own.
    expect(told("rds", ["orders-ro-1"], [])?.summary).toContain("no old transaction holds them");
  });

  it("D7 is told of the candidate first where the writer has one, and of the readers beside", () => {
    const finding = told("aurora", ["orders-ro-1"], [old]);
    expect(finding?.summary).toContain("connection 8, idle) may be what needs them");
    expect(finding?.evidence.at(-1)?.says).toContain("a reader still reads");
  });

  it("D7 is nobody's, and not no one's, where open transactions were not seen", () => {
    expect(told("rds", [], null)?.summary).toContain("open transactions could not be seen");
  });
});
