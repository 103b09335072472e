import { describe, expect, it } from "vitest";
import type { LogExcerpt } from "../../../../functions/core/contract/log-excerpt.ts";
import { loggedSpill } from "../../../../functions/core/rules/queries/logged-spill-draft.ts";
import { heldByLog } from "../../../../functions/core/rules/vacuum/outside-held-draft.ts";
import { aConnection, collectedAt } from "../../../support/evidence-builder.ts";
import { held, metricView } from "../../../support/metric-scene.ts";

type Read = NonNullable<LogExcerpt["read"]>;

const ago = (seconds: number) => new Date(Date.parse(collectedAt) - seconds * 1000).toISOString();

function seen(work: Pick<Read, "temporary" | "vacuums">, load: string | null = null) {
  const until = ago(5);
  const read = { messages: 90, seconds: 900, until, errors: [], ...work };
  const item = { name: load ?? "", id: null, load: 6, waits: [] };
  return metricView({
    self: { instanceClass: "db.r6g.xlarge", vcpus: 4 },
    values: { WriteThroughput: held(120e6), WriteLatency: held(0.09), WriteIOPS: held(2900) },
    readings: { WriteLatency: { latest: 0.09, baselineDay: 0.001, baselineWeek: 0.001 } },
    context: {
      logs: [{ file: "x", kind: "error", lastWrittenAt: until, lines: [], truncated: false, read }],
      load: load === null ? null : [{ by: "statement", items: [item] }],
    },
    overrides: { connection: aConnection({ status: "not-tried" }), probes: [] },
  });
}

const temporary = (bytes: number, files: number, untilSeconds = 20) => ({
  files,
  bytes,
  since: ago(untilSeconds + 600),
  until: ago(untilSeconds),
  statements: [{ query: "SELECT a FROM orders ORDER BY a", files, bytes, user: "bi" }],
});

const vacuum = (heldRows: number, untilSeconds = 60) => ({
  database: "shop",
  table: "public.orders",
  runs: 6,
  since: ago(untilSeconds + 600),
  until: ago(untilSeconds),
  removed: 0,
  remain: 5_000_000,
  held: heldRows,
  heldAtFirst: 2_000_000,
  cutoffAge: 2_345_678,
});

describe("what the log tells of work, without a look inside", () => {
  it("D4 temporary files that make most of what is written are told with their statement, and why storage is slow", () => {
    const [spill] = loggedSpill(seen({ temporary: temporary(60e9, 40) }));
    expect(spill).toMatchObject({
      severity: "P2",
      summary:
        "Statements sort or join on disk: 56 GiB in 40 files in 10 min, most of it by user bi: SELECT a FROM orders ORDER BY a",
    });
    expect(spill?.explains.map(({ cause }) => cause)).toContain("io-saturated");
  });

  it("D4 a report's files that are removed within a second were written over longer", () => {
    const at = ago(20);
    const [spill] = loggedSpill(seen({ temporary: { ...temporary(60e9, 6), since: at, until: at } }));
    expect(spill).toBeUndefined();
  });

  it.each([
    ["a small part of what is written", temporary(12e9, 40)],
    ["a report's", temporary(60e9, 2)],
    ["over by now", temporary(60e9, 40, 400)],
  ])("D4 %s is not", (_, logged) => {
    expect(loggedSpill(seen({ temporary: logged }))).toEqual([]);
  });

  it("D4 dead rows that vacuum had to leave are told with their table, their pace and how old who needs them is", () => {
    const [kept] = heldByLog(seen({ vacuums: [vacuum(3_000_000)] }, "SELECT * FROM orders WHERE state = ?"));
    expect(kept?.summary).toMatch(
      /^Autovacuum leaves 3,000,000 dead rows in public\.orders of shop, beside 2,000,000 live ones \(100,000 more a minute\), since somebody could still see them, 2,345,678 transactions back: /,
    );
    expect(kept?.explains.map(({ cause }) => cause)).toContain("cpu-saturated");
    expect(kept?.actions).toEqual([]);
  });

  it("D4 what does not read that table is not slow for it", () => {
    const [kept] = heldByLog(seen({ vacuums: [vacuum(3_000_000)] }, "SELECT * FROM orders_archive"));
    expect([kept?.severity, kept?.explains]).toEqual(["P3", []]);
  });

  it("D4 a few rows, or of long ago, are nothing", () => {
    expect(heldByLog(seen({ vacuums: [vacuum(900)] }))).toEqual([]);
    expect(heldByLog(seen({ vacuums: [vacuum(3_000_000, 1000)] }))).toEqual([]);
  });
});
