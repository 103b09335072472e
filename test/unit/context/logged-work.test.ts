import { describe, expect, it } from "vitest";
import { cleanLog } from "../../../functions/core/context/clean-log.ts";

const portion = { file: "error/x.log", kind: "error", lastWrittenAt: null, truncated: false } as const;
const options = { dialect: "postgres", queryText: "normalised", maxLines: 40, maxLineLength: 500 } as const;

function workOf(lines: readonly string[]) {
  const { read } = cleanLog({ ...portion, text: lines.join("\n") }, options);
  return { temporary: read?.temporary, vacuums: read?.vacuums };
}

const at = (minute: number, second = 0) => `2026-11-30 14:${pad(minute)}:${pad(second)} UTC`;
const pad = (value: number) => String(value).padStart(2, "0");

function spilled(minute: number, pid: number, bytes: number, sql: string, user = "bi") {
  const head = `${at(minute)}:10.0.0.4(5432):${user}@shop:[${pid}]:`;
  return [
    `${head}LOG:  temporary file: path "base/pgsql_tmp/pgsql_tmp${pid}.4", size ${bytes}`,
    `${head}STATEMENT:  ${sql}`,
  ];
}

function vacuumed(minute: number, table: string, [removed, remain, held]: readonly number[], head?: string) {
  return [
    `${head ?? `${at(minute)}::@:[512]:`}LOG:  automatic vacuum of table "shop.${table}": index scans: 1`,
    "\tpages: 0 removed, 81920 remain, 81900 scanned (99.98% of total)",
    `\ttuples: ${removed} removed, ${remain} remain, ${held} are dead but not yet removable`,
    "\tremovable cutoff: 912345678, which was 2345678 XIDs old when operation ended",
    "\tsystem usage: CPU: user: 1.23 s, system: 0.45 s, elapsed: 34.56 s",
  ];
}

describe("work in PostgreSQL's log", () => {
  it("D4 what went through temporary files is added up by its statement, without values", () => {
    const { temporary } = workOf([
      ...spilled(2, 7, 1e9, "SELECT a FROM orders WHERE b = 'secret' ORDER BY a"),
      ...spilled(3, 8, 2e9, "SELECT a FROM orders WHERE b = 'other' ORDER BY a"),
      ...spilled(4, 9, 1e9, "SELECT c FROM items GROUP BY c", "etl"),
    ]);
    expect(temporary).toEqual({
      files: 3,
      bytes: 4e9,
      since: "2026-11-30T14:02:00.000Z",
      until: "2026-11-30T14:04:00.000Z",
      statements: [
        { query: "SELECT a FROM orders WHERE b = ? ORDER BY a", files: 2, bytes: 3e9, user: "bi" },
        { query: "SELECT c FROM items GROUP BY c", files: 1, bytes: 1e9, user: "etl" },
      ],
    });
  });

  it("D4 what is older than 15 min by the log's own clock is left out", () => {
    const { temporary, vacuums } = workOf([
      ...spilled(2, 7, 1e9, "SELECT 1"),
      ...vacuumed(3, "public.orders", [0, 10, 9]),
      ...spilled(40, 7, 2e9, "SELECT 2"),
    ]);
    expect([temporary?.bytes, vacuums]).toEqual([2e9, undefined]);
  });

  it("D4 of each table the last vacuum is told with what the ones before removed, and only where it left rows", () => {
    const { vacuums } = workOf([
      ...vacuumed(1, "public.orders", [10, 4_000_000, 3_000_000]),
      ...vacuumed(1, "public.items", [500, 9000, 0]),
      ...vacuumed(5, "public.orders", [0, 4_100_000, 3_100_000]),
    ]);
    expect(vacuums).toEqual([
      {
        database: "shop",
        table: "public.orders",
        runs: 2,
        since: "2026-11-30T14:01:00.000Z",
        until: "2026-11-30T14:05:00.000Z",
        removed: 10,
        remain: 4_100_000,
        held: 3_100_000,
        heldAtFirst: 3_000_000,
        cutoffAge: 2_345_678,
      },
    ]);
  });

  it("D4 A40 a client that says the same is not believed", () => {
    const head = `${at(5)}:10.0.0.4(5432):bi@shop:[9]:`;
    expect(workOf(vacuumed(5, "public.orders", [0, 10, 9], head)).vacuums).toBeUndefined();
    const raised = [
      ...spilled(5, 9, 1e12, "DO $$…$$"),
      `${head}CONTEXT:  PL/pgSQL function inline_code_block line 1 at RAISE`,
    ];
    expect(workOf(raised).temporary).toBeUndefined();
  });
});
