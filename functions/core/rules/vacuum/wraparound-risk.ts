import type { ProposedAction, Severity } from "../../contract/finding.ts";
import { connectedDatabase } from "../../facts/connected-database.ts";
import { metricFact } from "../../facts/metric-facts.ts";
import { fromOutside } from "../../facts/rds-facts.ts";
import { rounded } from "../../facts/statements.ts";
import type { View } from "../../facts/view.ts";
import { postgresVacuumProgressRows } from "../../probes/postgres/vacuum-progress-rows.ts";
import {
  postgresVacuumWraparoundRows,
  usableIds,
  type WraparoundRow,
} from "../../probes/postgres/vacuum-wraparound-rows.ts";
import { closedText, lookThere, vacuumOldest } from "../../remedies/wraparound-remedies.ts";
import { compare } from "../../text/compare.ts";
import { plural } from "../../text/wording.ts";
import { defineRule, type FindingDraft } from "../define.ts";
import { multixactCacheDraft, multixactDrafts } from "./multixact-draft.ts";

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
  needs: [
    postgresVacuumWraparoundRows.id,
    "postgres-slru",
    postgresVacuumProgressRows.id,
    "MaximumUsedTransactionIDs",
  ],
  evaluate: (view) => {
    // A standby is as old as its primary, and can freeze nothing.
    if (view.server?.readOnlyBecause?.includes("standby") || view.evidence.target.role === "reader")
      return [];
    const rows = view.rows(postgresVacuumWraparoundRows)?.toSorted(byAge);
    if (rows === undefined) return [...metricDraft(view), ...multixactCacheDraft(view)];
    const worst = rows.find(({ kind }) => kind === "database") ?? rows[0];
    return worst === undefined ? [] : [...draftsOf(view, worst, rows), ...multixactDrafts(view, rows)];
  },
});

function byAge(a: WraparoundRow, b: WraparoundRow): number {
  return b.percentUsed - a.percentUsed || compare(a.kind, b.kind) || compare(a.name, b.name);
}

function severityOf(percentUsed: number): Severity | undefined {
  return severities.find(([from]) => percentUsed >= from)?.[1];
}

const toldApart = 3;

function draftsOf(view: View, worst: WraparoundRow, rows: readonly WraparoundRow[]): readonly FindingDraft[] {
  const { name, percentUsed, xidAge, xidsLeft, multixactAge, freezeMaxAge, multixactFreezeMaxAge } = worst;
  const severe = severityOf(percentUsed);
  const beyond = Math.max(xidAge / freezeMaxAge, multixactAge / multixactFreezeMaxAge);
  if (severe === undefined && (beyond < farBeyond || percentUsed < 10)) return [];
  // Tables are those of the connected database, which need not be the one that runs out.
  const here = connectedDatabase(view) === name;
  const tables = here ? rows.filter(({ kind }) => kind === "table").slice(0, toldApart) : [];
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
        ...tables.map((table) => ({ source: postgresVacuumWraparoundRows.id, says: tableText(table) })),
        ...[closedText(view, worst)].flatMap((says) => (says === null ? [] : [{ source: "engine", says }])),
        progressEvidence(view),
      ],
      explains: writesRefused(severe),
      actions: here ? remediesOf(view, tables) : lookThere(view, worst),
    },
  ];
}

function tableText({ name, toastOf, temporary, xidAge, multixactAge }: WraparoundRow): string {
  const who = toastOf === null ? name : `${toastOf} (its TOAST table)`;
  const whose = temporary
    ? "; a temporary table: only the session that made it can vacuum it, and it goes when that session ends"
    : "";
  return `${who} is ${Math.max(xidAge, multixactAge)} old${whose}`;
}

function remediesOf(view: View, tables: readonly WraparoundRow[]): readonly ProposedAction[] {
  const own = tables.filter(({ temporary }) => !temporary);
  const names = new Set(own.map(({ toastOf, name }) => toastOf ?? name));
  return [...names].flatMap((name) =>
    own
      .filter((table) => (table.toastOf ?? table.name) === name)
      .slice(0, 1)
      .map((table) => vacuumOldest(view, table)),
  );
}

function writesRefused(severity: Severity | undefined): FindingDraft["explains"] {
  return severity === "P0"
    ? [{ cause: "database-read-only", because: "the server refuses new transaction ids" }]
    : [];
}

function progressEvidence(view: View): FindingDraft["evidence"][number] {
  const source = postgresVacuumProgressRows.id;
  const freezing = (view.rows(postgresVacuumProgressRows) ?? []).filter(({ wraparound }) => wraparound);
  if (freezing.length === 0) return { source, says: "no vacuum to prevent wraparound is running" };
  const names = freezing.map(({ relation, percent }) =>
    `${relation ?? "?"} ${percent === null ? "" : `${Math.round(percent)} %`}`.trim(),
  );
  return {
    source,
    says: `${plural(freezing.length, "vacuum")} to prevent wraparound is running: ${names.toSorted().join(", ")}`,
  };
}

/** Without a look inside: how many, but neither of which database nor why. */
function metricDraft(view: View): readonly FindingDraft[] {
  const used = metricFact(view, "MaximumUsedTransactionIDs");
  const percent = used === null ? 0 : (100 * used.latest) / usableIds;
  const severity = severityOf(percent);
  if (used === null || severity === undefined) return [];
  return [
    {
      subject: "",
      severity,
      confidence: fromOutside(view, 0.9),
      summary: `${rounded(percent)} % of all transaction ids are used; ${Math.max(0, usableIds - Math.round(used.latest))} are left until the server refuses to write; which tables are old, and what keeps them from being frozen, could not be seen`,
      evidence: [
        {
          source: used.id,
          says: `${Math.round(used.latest)} now, ${Math.round(used.lowest)} at the least in the window`,
        },
      ],
      explains: writesRefused(severity),
      actions: [],
    },
  ];
}
