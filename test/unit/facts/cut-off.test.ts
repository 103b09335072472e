import { describe, expect, it } from "vitest";
import { explainsErrors } from "../../../functions/core/facts/cut-off.ts";
import type { Statement } from "../../../functions/core/facts/statements.ts";
import { statementsOf } from "../../../functions/core/facts/statements.ts";
import { aStatement, lookedDeeper } from "../../support/statement-builder.ts";

const zeros = {
  tempFilesPerSecond: 0,
  tempBytesPerSecond: 0,
  rowsReturnedPerSecond: 0,
  rowsFetchedPerSecond: 0,
};
const never = { tempFiles: 0, tempBytes: 0, deadlocks: 0, conflicts: 0, checksumFailures: 0 };
const rates = (rollbacksPerSecond: number) => ({
  ...{ database: "app", connections: 9, intervalSeconds: 2, commitsPerSecond: 10, rollbacksPerSecond },
  ...{ ...zeros, rowsChangedPerSecond: 0, blocksHit: 0, blocksRead: 0, cacheHitPercent: null },
  ...{ deadlocks: 0, conflicts: 0, checksumFailures: 0 },
  sinceReset: { ...never, statsSeconds: null, cacheHitPercent: null, lastChecksumFailureSeconds: null },
});
const other = { user: "shop", database: "app", query: "SELECT u.emial FROM users u", sessions: 12 };

/** A report that six sessions run and no statistics count. */
function explains(
  rollbacks: number,
  failing: readonly Readonly<Record<string, string | number>>[] = [],
): number {
  const view = lookedDeeper({
    "postgres-database-rates": [rates(rollbacks)],
    "postgres-failing-statements": [...failing],
    "postgres-top-statements": [aStatement({ query: "SELECT count(*) FROM visits" })],
  });
  const [counted] = statementsOf(view) ?? [];
  if (counted === undefined) throw new Error("no statement");
  const report: Statement = { ...counted, running: 6 };
  return explainsErrors(view, report).length;
}

describe("a statement that several run and none is counted of", () => {
  it("D3 makes the errors that its sessions can make, each call longer than a second", () => {
    expect(explains(5)).toBe(1);
    expect(explains(600)).toBe(0);
  });

  it("D3 makes none where another statement was caught that fails, wherever it fails", () => {
    for (const failedAt of ["parsing", "transaction", "aborted", "execution"])
      expect(explains(5, [{ ...other, failedAt }])).toBe(0);
  });
});
