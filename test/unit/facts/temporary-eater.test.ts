import { describe, expect, it } from "vitest";
import type { Session } from "../../../functions/core/contract/session.ts";
import { longRunningQuery } from "../../../functions/core/rules/queries/long-running-query.ts";
import { storageLow } from "../../../functions/core/rules/resources/storage-low.ts";
import { aRunning } from "../../support/forest-builder.ts";
import { anEvent, curveOf, type MetricScene, metricView } from "../../support/metric-scene.ts";

const gib = 1024 ** 3;

/** GiB by the minutes before now. */
type Curve = (minutesAgo: number) => number;

interface Volume {
  /** GiB free when the window began. */
  readonly before?: number;
  /** The same by the three hours before the window as well; its statement is of 42 min. */
  readonly free?: Curve;
  readonly binlogs?: Curve;
  /** What Performance Insights has most of. */
  readonly writer?: string;
  /** Other sessions. */
  readonly beside?: readonly Session[];
  readonly events?: MetricScene["events"];
}

function viewWith(bytes: number, more: Partial<Session> = {}, volume: Volume = {}) {
  const { before = 58, free, binlogs, writer, beside = [], events = [] } = volume;
  const query = "SELECT sku, SUM(price) FROM order_lines GROUP BY sku";
  const bytesOf = (of: Curve) => curveOf((ago) => gib * of(ago));
  const window = bytesOf(free ?? ((ago) => 30 + ((before - 30) * ago) / 14));
  const logs = binlogs && bytesOf(binlogs);
  const items = writer === undefined ? [] : [{ name: writer, id: null, load: 4, waits: [] }];
  return metricView({
    engine: "mysql",
    sessions: [aRunning(77, 2500, { user: "bi", application: null, query, ...more }), ...beside],
    values: { FreeStorageSpace: window.values, ...(logs && { BinLogDiskUsage: logs.values }) },
    readings: {
      FreeStorageSpace: { capacity: 400 * gib, ...(free && { earlier: window.earlier }) },
      ...(logs && { BinLogDiskUsage: { earlier: logs.earlier } }),
    },
    events,
    context: { load: [{ by: "statement", items }] },
    probes: {
      "mysql-space": [
        {
          temporary: null,
          temporarySessions: [
            { id: 12, bytes: 81_920 },
            { id: 77, bytes },
          ],
          refusals: null,
          binlogs: { files: 3, bytes: gib * (binlogs?.(0) ?? 1) },
          undoBytes: gib,
          logTables: [],
        },
      ],
    },
  });
}

const own = /temporary tables of user bi/;
/** Two GiB a minute since its statement began. */
const since: Curve = (ago) => 30 + 2 * Math.min(ago, 41);

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
    const beside = { writer: "INSERT INTO events_raw ( a ) VALUES (?)" };
    const told = (free: Curve, volume: Volume = {}) =>
      storageLow.evaluate(viewWith(80 * gib, {}, { free, ...volume }))[0];
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

  it("D11 what binary logs have grown by meanwhile is not what they take", () => {
    const told = (binlogs: Curve, bytes = 80 * gib) =>
      storageLow.evaluate(viewWith(bytes, {}, { free: (ago) => 30 + 2 * ago, binlogs }))[0];
    const all = told((ago) => 5 + 2 * Math.max(0, 41 - ago));
    expect(all?.summary).not.toMatch(own);
    expect(all?.actions.map(({ id }) => id)).not.toContain("terminate-session");
    expect(told(() => 5)?.actions[0]?.id).toBe("terminate-session");
    expect(told((ago) => 5 + Math.max(0, 41 - ago) / 2)?.actions[0]?.id).toBe("terminate-session");
    // What was purged of them was given back.
    expect(told((ago) => 5 + ago / 5)?.actions[0]?.id).toBe("terminate-session");
  });

  it("D7 without Performance Insights another session may write, too, as long as it is at work on what writes", () => {
    const load = "LOAD DATA LOCAL INFILE 'x' INTO TABLE events_raw";
    const told = (seconds: number, free: Curve, more: Partial<Session> = {}) => {
      const etl = aRunning(88, seconds, { user: "etl", application: null, query: load, ...more });
      return storageLow.evaluate(viewWith(80 * gib, {}, { free, beside: [etl] }))[0];
    };
    const endsOf = (...of: Parameters<typeof told>) =>
      told(...of)?.actions.some(({ id }) => id === "terminate-session");
    // As fast before its statement as since; and two that began at once.
    expect(told(9000, (ago) => 30 + 2 * ago)?.summary).not.toMatch(own);
    expect(endsOf(9000, (ago) => 30 + 2 * ago)).toBe(false);
    expect(told(2500, since)?.summary).toMatch(own);
    expect(endsOf(2500, since)).toBe(false);
    expect(endsOf(20, since)).toBe(true);
    for (const more of [{ query: "SELECT 1" }, { waitEvent: "User lock" }, { state: "idle" as const }]) {
      expect(endsOf(2500, since, more)).toBe(true);
    }
  });

  describe("of a volume that was grown meanwhile", () => {
    const finished = "Finished applying autoscaling-initiated modification to allocated storage";
    const told = (free: Curve, eventAgo: number | null, message = finished) => {
      const events = eventAgo === null ? [] : [anEvent(eventAgo, "configuration change", message)];
      return storageLow.evaluate(viewWith(80 * gib, {}, { free, events }))[0];
    };
    const grown = (minutes: number) => (ago: number) => since(ago) - (ago > minutes ? 68 : 0);

    it.each([9, 20, 22])("D11 they have taken what it gained as well, %i min ago", (minutes) => {
      const finding = told(grown(minutes), minutes);
      expect(finding?.summary).toMatch(own);
      expect(finding?.actions[0]?.id).toBe("terminate-session");
    });

    it("D11 what others take and give back is nothing that was gained", () => {
      const waves: Curve = (ago) => 30 + 3 * (ago % 10);
      for (const finding of [
        told(waves, null),
        told(waves, 300),
        told(waves, 20, "Finished updating DB parameter group"),
        // Few GiB of the volume are no growth of it.
        told((ago) => 30 + 8 * (ago % 2), 20),
      ]) {
        expect(finding?.summary).not.toMatch(own);
      }
    });
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
