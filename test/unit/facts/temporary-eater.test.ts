import { describe, expect, it } from "vitest";
import type { Session } from "../../../functions/core/contract/session.ts";
import { longRunningQuery } from "../../../functions/core/rules/queries/long-running-query.ts";
import { storageLow } from "../../../functions/core/rules/resources/storage-low.ts";
import { context as rdsContext, reading, trend } from "../../scenarios/support/rds.ts";
import { aProbe, aTarget, aView, collectedAt, someEvidence } from "../../support/evidence-builder.ts";
import { aRunning } from "../../support/forest-builder.ts";

const gib = 1024 ** 3;

interface Volume {
  /** GiB free when the window began. */
  readonly before?: number;
  /** What Performance Insights has most of. */
  readonly writer?: string;
}

function viewWith(bytes: number, more: Partial<Session> = {}, { before = 58, writer }: Volume = {}) {
  const query = "SELECT sku, SUM(price) FROM order_lines GROUP BY sku";
  const sessions = [aRunning(77, 2500, { user: "bi", application: null, query, ...more })];
  const { probes } = someEvidence({ engine: "mysql", sessions });
  const target = aTarget({ engine: "mysql", name: "scenario-db", flavour: "rds" });
  const series = trend("FreeStorageSpace", before * gib, 30 * gib);
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
  const items = writer === undefined ? [] : [{ name: writer, id: null, load: 4, waits: [] }];
  const load = [{ by: "statement" as const, items }];
  const context = { ...rdsContext({ readings }), readAt: collectedAt, load };
  return aView({
    engine: "mysql",
    overrides: { target, context, metrics: [series], probes: [...probes, space] },
  });
}

const actionsOf = (bytes: number, more: Partial<Session> = {}, volume: Volume = {}) =>
  storageLow.evaluate(viewWith(bytes, more, volume))[0]?.actions.map(({ id, automatic }) => [id, automatic]);

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

  it.each<[string, Partial<Session>, Volume]>([
    ["idles", { state: "idle", query: "SELECT 1" }, {}],
    ["has just begun its statement", { statementSeconds: 0.2 }, {}],
    ["waits for a lock", { waitEvent: "User lock" }, {}],
    ["runs while the volume loses next to nothing", { query: "SELECT SLEEP(3000)" }, { before: 32 }],
    ["runs while another one writes most", {}, { writer: "INSERT INTO events_raw ( a ) VALUES (?)" }],
  ])("D11 a session that %s has them from another day", (_, session, volume) => {
    const [finding] = storageLow.evaluate(viewWith(80 * gib, session, volume));
    expect(finding?.summary).not.toContain("temporary tables of");
    expect(finding?.actions.map(({ id }) => id)).toEqual(["grow-storage"]);
  });

  it("D11 whatever its statement is: what writes most may be that itself, and its text may not be known", () => {
    const update = "UPDATE accounts a JOIN (SELECT account, SUM(total) t FROM orders GROUP BY account) d";
    const written = storageLow.evaluate(viewWith(80 * gib, { query: update }, { writer: update }))[0];
    expect(written?.summary).toContain("80 GiB of the volume are temporary tables of user bi");
    const unknown = storageLow.evaluate(viewWith(80 * gib, { query: null }))[0];
    expect(unknown?.summary).toContain("80 GiB of the volume are temporary tables of user bi, connection 77");
  });

  it("D11 beside another writer, what the volume has lost at the same pace before its statement is that one's", () => {
    // GiB free by the five minutes, up to 58 when the window begins; its statement is of 42 min.
    const beside = { writer: "INSERT INTO events_raw ( a ) VALUES (?)" };
    const { metrics } = viewWith(80 * gib).evidence;
    const first = Date.parse(metrics[0]?.points[0]?.at ?? "");
    const hours = (of: (minutesAgo: number) => number) => ({
      from: new Date(first - 180 * 60_000).toISOString(),
      stepSeconds: 300,
      values: Array.from({ length: 36 }, (_, step) => gib * of(195 - 5 * (step + 1))),
    });
    const told = (of: (minutesAgo: number) => number, volume: Volume = {}) => {
      const view = viewWith(80 * gib, {}, volume);
      const context = view.evidence.context;
      const readings = (context?.readings ?? []).map((one) => ({ ...one, earlier: hours(of) }));
      const evidence = { ...view.evidence, context: context && { ...context, readings } };
      return storageLow.evaluate({ ...view, evidence })[0];
    };
    const own = /temporary tables of user bi/;
    const since = (ago: number) => 30 + 2 * Math.min(ago, 41);
    expect(told(since)?.summary).toMatch(own);
    expect(told((ago) => 30 + 2 * ago)?.summary).toMatch(own);
    expect(told((ago) => 30 + 2 * ago, beside)?.summary).not.toMatch(own);
    // Of two that began at once nobody knows which it is: both are named, and nobody is ended.
    const both = told(since, beside);
    expect(both?.summary).toMatch(
      /temporary tables of user bi.*; beside it, what writes most: INSERT INTO events_raw/,
    );
    expect(both?.actions.map(({ id }) => id)).toEqual(["grow-storage"]);
    // It has lost nothing since: they are of another day.
    expect(told(() => 58)?.summary).not.toMatch(own);
  });

  it("D11 what takes little is not blamed, and who is left alone keeps the volume growing", () => {
    expect(storageLow.evaluate(viewWith(4 * gib))[0]?.summary).not.toContain("temporary");
    expect(actionsOf(4 * gib, {}, { before: 32 })).toEqual([["grow-storage", true]]);
    expect(actionsOf(80 * gib, { user: "rdsadmin" }, { before: 45 })?.map(([id]) => id)).toEqual([
      "grow-storage",
    ]);
    expect(actionsOf(80 * gib, {}, { before: 45 })?.[0]).toEqual(["terminate-session", false]);
    expect(longRunningQuery.evaluate(viewWith(4 * gib))[0]?.summary).not.toContain("temporary");
  });
});
