import { describe, expect, it } from "vitest";
import type { Session } from "../../../functions/core/contract/session.ts";
import { longRunningQuery } from "../../../functions/core/rules/queries/long-running-query.ts";
import { storageLow } from "../../../functions/core/rules/resources/storage-low.ts";
import { context as rdsContext, reading, trend } from "../../scenarios/support/rds.ts";
import { aProbe, aTarget, aView, collectedAt, someEvidence } from "../../support/evidence-builder.ts";
import { aRunning } from "../../support/forest-builder.ts";

const gib = 1024 ** 3;

function viewWith(bytes: number, more: Partial<Session> = {}) {
  const query = "SELECT sku, SUM(price) FROM order_lines GROUP BY sku";
  const sessions = [aRunning(77, 2500, { user: "bi", application: null, query, ...more })];
  const { probes } = someEvidence({ engine: "mysql", sessions });
  const target = aTarget({ engine: "mysql", name: "scenario-db", flavour: "rds" });
  const series = trend("FreeStorageSpace", 32 * gib, 30 * gib);
  const readings = [reading(series, "bytes", { capacity: 400 * gib })];
  const space = aProbe("mysql-space", [
    {
      temporary: null,
      temporarySessions: [
        { id: 12, bytes: 81_920 },
        { id: 77, bytes },
      ],
      refusals: null,
      binlogs: { files: 3, bytes: gib },
      undoBytes: gib,
      logTables: [],
    },
  ]);
  const context = { ...rdsContext({ readings }), readAt: collectedAt };
  return aView({
    engine: "mysql",
    overrides: { target, context, metrics: [series], probes: [...probes, space] },
  });
}

const actionsOf = (bytes: number, more: Partial<Session> = {}) =>
  storageLow.evaluate(viewWith(bytes, more))[0]?.actions.map(({ id, automatic }) => [id, automatic]);

describe("temporary tables that eat the volume", () => {
  it("D11 the session is named and its end comes before a volume that never shrinks again", () => {
    const [finding] = storageLow.evaluate(viewWith(80 * gib));
    expect(finding?.summary).toContain(
      "80 GiB of the volume are temporary tables of user bi, connection 77: SELECT sku, SUM(price) FROM order_lines",
    );
    expect(actionsOf(80 * gib)).toEqual([
      ["terminate-session", false],
      ["grow-storage", false],
    ]);
    expect(finding?.actions[0]?.consequence).toContain("not when its statement is cancelled");
    expect(longRunningQuery.evaluate(viewWith(80 * gib))[0]?.summary).toContain(
      "its temporary tables take 80 GiB of the volume",
    );
  });

  it("D11 a session that idles, has just begun or changes some rows has them from another day", () => {
    for (const more of [
      { state: "idle" as const, query: "SELECT 1" },
      { statementSeconds: 0.2 },
      { query: "UPDATE carts SET touched = 1" },
    ]) {
      expect(storageLow.evaluate(viewWith(80 * gib, more))[0]?.summary).not.toContain("temporary tables of");
      expect(actionsOf(80 * gib, more)).toEqual([["grow-storage", true]]);
    }
  });

  it("D11 what takes little is not blamed, and who is left alone keeps the volume growing", () => {
    expect(storageLow.evaluate(viewWith(4 * gib))[0]?.summary).not.toContain("temporary");
    expect(actionsOf(4 * gib)).toEqual([["grow-storage", true]]);
    expect(actionsOf(80 * gib, { user: "rdsadmin" })).toEqual([["grow-storage", true]]);
    expect(longRunningQuery.evaluate(viewWith(4 * gib))[0]?.summary).not.toContain("temporary");
  });
});
