import { describe, expect, it } from "vitest";
import { insideRoutines } from "../../../../functions/core/probes/mysql/plans/inside-routines.ts";
import { mariadbInside } from "../../../../functions/core/probes/mysql/plans/mariadb-inside.ts";

const call = {
  level: 0,
  digest: "c0ffee",
  schema_name: "app",
  kind: null,
  routine_schema: null,
  routine: null,
};
const place = { kind: "PROCEDURE", routine_schema: "warehouse", routine: "find_parcel" };
const inner = { level: 1, digest: null, schema_name: "warehouse", ...place, ended: 1, used: 1 };

function event(thread_id: number, event_id: number, more: object) {
  const counted = {
    text: "CALL warehouse.find_parcel('x')",
    seconds: "0.7700",
    ended: 1,
    examined: 0,
    used: 0,
  };
  return { thread_id, event_id, ...counted, ...more };
}

const lookup = "SELECT id FROM parcels WHERE code = p_code";
const scan = { ...inner, text: lookup, seconds: "0.7000", examined: 90_000 };

describe("what runs inside stored programs of MySQL", () => {
  it("P33 is put together by program and text, with the call that bears it", () => {
    const rows = [
      event(1, 10, call),
      event(1, 11, scan),
      event(2, 20, { ...call, ended: 0, seconds: "0.3" }),
      event(2, 21, { ...scan, ended: 0, examined: 0, seconds: "0.3" }),
      event(1, 11, scan),
    ];
    expect(insideRoutines(rows)).toEqual([
      {
        ...{ digest: "c0ffee/inside warehouse.find_parcel", schema: "warehouse", digestText: lookup },
        ...{ sample: lookup, calls: 1, totalSeconds: 1, rowsExamined: 90_000, rowsUsed: 1 },
        inside: {
          ...{ digest: "c0ffee", schema: "app", routine: "warehouse.find_parcel", kind: "procedure" },
          ...{ sessions: 2, percentOfCall: expect.closeTo(93.46, 2) },
        },
      },
    ]);
  });

  it("P33 is nobody's where the call is not seen, and nothing where few rows are looked at", () => {
    expect(insideRoutines([event(1, 11, scan)])).toEqual([]);
    expect(insideRoutines([event(1, 12, call), event(1, 11, scan)])).toEqual([]);
    expect(insideRoutines([event(1, 10, call), event(1, 11, { ...scan, examined: 900 })])).toEqual([]);
    expect(insideRoutines([event(1, 10, call), event(1, 11, { ...scan, used: 60_000 })])).toEqual([]);
    expect(insideRoutines([{ failed: "denied" }])).toEqual([]);
  });

  it("P33 is planned before it ends once somebody waits for it", () => {
    const running = (seconds: string) => [
      event(1, 10, { ...call, ended: 0, seconds }),
      event(1, 11, { ...scan, ended: 0, examined: 0, used: 0, seconds }),
    ];
    expect(insideRoutines(running("0.4"))).toEqual([]);
    expect(insideRoutines(running("40"))).toMatchObject([{ calls: 0, inside: { percentOfCall: 100 } }]);
  });
});

describe("what runs inside stored programs of MariaDB", () => {
  const text = (value: string) =>
    `SELECT id FROM parcels WHERE code = NAME_CONST('p_code',_utf8mb4'${value}' COLLATE 'utf8mb4_general_ci')`;
  const session = (id: number, value: string) => ({ id, schema_name: "warehouse", text: text(value) });

  it("P33 is what several sessions run, with the values of one and no value shown", () => {
    expect(mariadbInside([session(1, "a"), session(2, "b")])).toMatchObject([
      {
        ...{ schema: "warehouse", sample: text("a"), digestText: "SELECT id FROM parcels WHERE code = ?" },
        inside: { digest: null, sessions: 2, percentOfCall: null },
      },
    ]);
    expect(mariadbInside([session(1, "a")])).toEqual([]);
    expect(mariadbInside([{ failed: "denied" }])).toEqual([]);
  });
});
