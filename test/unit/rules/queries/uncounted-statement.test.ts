import { describe, expect, it } from "vitest";
import { expensiveStatement as rule } from "../../../../functions/core/rules/queries/expensive-statement.ts";
import { anAlarm } from "../../../support/evidence-builder.ts";
import { aRunning } from "../../../support/forest-builder.ts";
import { aPlan, aStatement, aTable, lookedDeeper } from "../../../support/statement-builder.ts";

const query =
  "SELECT a.store, avg(a.cents - b.cents) FROM visits a JOIN visits b USING (store) GROUP BY a.store";
const plan = { query, queryId: "77", meanSeconds: 2 };

/** So many sessions run it, of which no call has ever been counted, beside an application at work. */
function looked(sessions: number, { counted = false, waits = false, alarm = false } = {}) {
  const waitEvent = waits ? "Lock: relation" : null;
  return rule.evaluate(
    lookedDeeper(
      {
        "postgres-top-statements": [
          aStatement(),
          ...(counted ? [aStatement({ queryId: "77", query, now: { callsPerSecond: 0.1 } })] : []),
        ],
        "postgres-plans": [
          aPlan({ ...plan, calls: sessions, totalSeconds: 2 * sessions, running: sessions }),
        ],
      },
      {
        sessions: [
          ...Array.from({ length: sessions }, (_, index) => aRunning(index + 1, 2, { query, waitEvent })),
          aRunning(99, 0.1, { query: "SELECT name FROM orders WHERE id = 1" }),
        ],
        ...(alarm ? { overrides: { signal: anAlarm("CPUUtilization") } } : {}),
      },
    ),
  );
}

describe("a statement of which no call is counted, since each is cut off", () => {
  it("D4 is what costs most when far more sessions run it than there are CPUs, and is the cause of their load", () => {
    const [finding, ...more] = looked(6);
    expect(more).toEqual([]);
    expect(finding).toMatchObject({ subject: "shop/77", severity: "P2", actions: [] });
    expect(finding?.summary).toContain("6 sessions run it just now, and no call of it is counted");
    expect(finding?.explains).toContainEqual(expect.objectContaining({ cause: "cpu-saturated" }));
    expect(finding?.explains).toContainEqual(expect.objectContaining({ cause: "error-storm" }));
  });

  it("D7 is not said to read from the cache, or to write no files: nobody counted that", () => {
    const says = JSON.stringify(looked(6));
    expect(says).toContain("counted nowhere");
    expect(says).toContain("each has run for 2 s so far");
    expect(says).not.toMatch(/from the cache|since statistics began|calls\/s/);
  });

  it("D9 harms nobody while there is room for it, unless the CPU is short", () => {
    expect(looked(3)).toEqual([]);
    expect(looked(3, { alarm: true })).toHaveLength(1);
    expect(looked(2, { alarm: true })).toEqual([]);
  });

  it("D3 is no work of its own when its sessions wait for locks, and is told once where it is counted after all", () => {
    expect(looked(6, { waits: true })).toEqual([]);
    expect(JSON.stringify(looked(6, { counted: true }))).not.toContain("no call of it is counted");
  });
});

describe("a statement that a time-out cuts off, and that nobody planned in time", () => {
  const lookup = "SELECT id FROM parcels WHERE code = $1 LIMIT 1";
  const scanned = { intervalSeconds: 1, seqScansPerSecond: 179, seqRowsPerSecond: 4e7 };
  const told = (
    table: Partial<Parameters<typeof aTable>[0]>,
    { sessions = 6, counted = "SELECT 1", perSecond = 10, waitEvent = null as string | null } = {},
  ) =>
    rule.evaluate(
      lookedDeeper(
        {
          "postgres-top-statements": [
            aStatement({ query: counted, queryId: "5", now: { callsPerSecond: perSecond } }),
          ],
          "postgres-tables": [aTable({ table: "parcels", now: scanned, ...table })],
        },
        {
          sessions: Array.from({ length: sessions }, (_, at) =>
            aRunning(at + 1, 0.04, { query: lookup, waitEvent }),
          ),
          overrides: { signal: anAlarm("CPUUtilization") },
        },
      ),
    );

  it("D4 is known by those who run it, on a table that is read whole again and again", () => {
    const [finding, ...more] = told({});
    expect(more).toEqual([]);
    expect(finding).toMatchObject({ severity: "P2", actions: [] });
    expect(finding?.summary).toContain("6 sessions run it just now, and no call of it is counted");
    expect(finding?.explains.map(({ cause }) => cause)).toEqual(
      expect.arrayContaining(["cpu-saturated", "error-storm"]),
    );
  });

  it("D3 is none where its table is found by an index, few run it, they wait, or its calls are counted", () => {
    expect(told({ now: { ...scanned, seqRowsPerSecond: 1000 } })).toEqual([]);
    expect(told({ table: "orders" })).toEqual([]);
    expect(told({}, { sessions: 2 })).toEqual([]);
    expect(told({}, { waitEvent: "Client:ClientRead" })).toEqual([]);
    expect(told({}, { counted: lookup })).toEqual([]);
    // The scans are another's, whose calls are counted.
    expect(
      told({}, { counted: "SELECT count(*) FROM parcels WHERE note = $1", perSecond: 120 }),
    ).toHaveLength(0);
  });
});
