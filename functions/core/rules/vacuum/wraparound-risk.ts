import type { Severity } from "../../contract/finding.ts";
import { rounded } from "../../facts/statements.ts";
import type { View } from "../../facts/view.ts";
import { postgresVacuumProgressRows } from "../../probes/postgres/vacuum-progress-rows.ts";
import {
  postgresVacuumWraparoundRows,
  type WraparoundRow,
} from "../../probes/postgres/vacuum-wraparound-rows.ts";
import { freezeTable } from "../../remedies/query-remedies.ts";
import { compare } from "../../text/compare.ts";
import { plural } from "../../text/wording.ts";
import { defineRule, type FindingDraft } from "../define.ts";

/**
 * https://www.postgresql.org/docs/current/routine-vacuuming.html#VACUUM-FOR-WRAPAROUND: warnings begin 40 million
 * transactions before the end, and vacuum drops everything but freezing at 1.6 billion (vacuum_failsafe_age). AWS
 * advises to act at a billion.
 */
const severities: readonly (readonly [number, Severity])[] = [
  [98, "P0"],
  [75, "P1"],
  [46, "P2"],
];

/** Being somewhat older than the limit is normal: that is when autovacuum begins. */
const farBeyond = 2;

export const wraparoundRisk = defineRule({
  id: "wraparound-risk",
  spec: ["D4"],
  category: "vacuum",
  title: "The server will stop writing because transaction ids run out",
  needs: [postgresVacuumWraparoundRows.id, postgresVacuumProgressRows.id],
  evaluate: (view) => {
    const rows = (view.rows(postgresVacuumWraparoundRows) ?? []).toSorted(byAge);
    const worst = rows.find(({ kind }) => kind === "database") ?? rows[0];
    return worst === undefined ? [] : draftsOf(view, worst, rows);
  },
});

function byAge(a: WraparoundRow, b: WraparoundRow): number {
  return b.percentUsed - a.percentUsed || compare(a.kind, b.kind) || compare(a.name, b.name);
}

function draftsOf(view: View, worst: WraparoundRow, rows: readonly WraparoundRow[]): readonly FindingDraft[] {
  const { name, percentUsed, xidAge, xidsLeft, multixactAge, freezeMaxAge, multixactFreezeMaxAge } = worst;
  const severe = severities.find(([from]) => percentUsed >= from)?.[1];
  const beyond = Math.max(xidAge / freezeMaxAge, multixactAge / multixactFreezeMaxAge);
  if (severe === undefined && (beyond < farBeyond || percentUsed < 10)) return [];
  const tables = rows.filter(({ kind }) => kind === "table").slice(0, 3);
  const freezing = (view.rows(postgresVacuumProgressRows) ?? []).filter(({ wraparound }) => wraparound);
  const multixacts = multixactAge > xidAge;
  return [
    {
      subject: name,
      severity: severe ?? "P3",
      confidence: 0.95,
      summary: `Database ${name} has used ${rounded(percentUsed)} % of its ${multixacts ? "multixact" : "transaction"} ids; ${multixacts ? `${multixactAge} multixacts` : `${xidsLeft} transactions`} ${multixacts ? "have begun since the oldest row lock that is not frozen" : "are left until the server refuses to write"}`,
      evidence: [
        {
          source: postgresVacuumWraparoundRows.id,
          says: `the oldest row is ${xidAge} transactions old; autovacuum freezes from ${freezeMaxAge} on`,
        },
        ...tables.map((table) => ({
          source: postgresVacuumWraparoundRows.id,
          says: `${table.toastOf === null ? table.name : `${table.toastOf} (its TOAST table)`} is ${Math.max(table.xidAge, table.multixactAge)} old`,
        })),
        {
          source: postgresVacuumProgressRows.id,
          says:
            freezing.length === 0
              ? "no vacuum to prevent wraparound is running"
              : `${plural(freezing.length, "vacuum")} to prevent wraparound is running: ${freezing
                  .map(({ relation, percent }) =>
                    `${relation ?? "?"} ${percent === null ? "" : `${Math.round(percent)} %`}`.trim(),
                  )
                  .toSorted()
                  .join(", ")}`,
        },
      ],
      explains:
        severe === "P0"
          ? [{ cause: "database-read-only", because: "the server refuses new transaction ids" }]
          : [],
      actions: tables.slice(0, 1).map((table) => freezeTable(table.toastOf ?? table.name)),
    },
  ];
}
