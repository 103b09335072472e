import type { Explanation } from "../../contract/explanation.ts";
import { isLeft, keeperOf } from "../../facts/held-rows.ts";
import { xminHolders } from "../../facts/old-xmin.ts";
import { bytesText } from "../../facts/rds-facts.ts";
import { rounded } from "../../facts/statements.ts";
import { deadRowsHurt, isBehind, tableKey, vacuumedTables } from "../../facts/table-facts.ts";
import type { View } from "../../facts/view.ts";
import type { TableRow } from "../../probes/postgres/tables/rows.ts";
import { postgresVacuumProgressRows } from "../../probes/postgres/vacuum-progress-rows.ts";
import {
  type AutovacuumWorkersRow,
  postgresVacuumWorkersRows,
} from "../../probes/postgres/vacuum-workers-rows.ts";
import { speedUpAutovacuum } from "../../remedies/autovacuum-remedies.ts";
import { vacuumTable } from "../../remedies/query-remedies.ts";
import { duration, list, plural } from "../../text/wording.ts";
import { defineRule, type FindingDraft } from "../define.ts";

/**
 * Autovacuum would come, and has nobody left to send. Not while somebody's snapshot holds rows: then no worker, however
 * fast, removes them.
 */
export const autovacuumTooSlow = defineRule({
  id: "autovacuum-too-slow",
  spec: ["D4", "P13"],
  category: "vacuum",
  title: "All autovacuum workers are busy while tables wait for one",
  needs: [
    postgresVacuumWorkersRows.id,
    postgresVacuumProgressRows.id,
    "postgres-tables",
    "postgres-oldest-xmin",
  ],
  evaluate: (view) => {
    const workers = view.rows(postgresVacuumWorkersRows)?.[0];
    if (workers === undefined || !areTaken(workers) || isHeldBack(view)) return [];
    const waiting = tablesWaiting(view);
    return waiting.length === 0 ? [] : [draftOf(view, workers, waiting)];
  },
});

/** Each has been at work for a round or more; those that wait for a lock or a pinned page are another finding's. */
function areTaken({
  enabled,
  workersBusy,
  workersMax,
  waitingWorkers,
  ...row
}: AutovacuumWorkersRow): boolean {
  return (
    enabled &&
    workersBusy >= workersMax &&
    waitingWorkers === 0 &&
    (row.longestSeconds ?? 0) >= row.naptimeSeconds
  );
}

function isHeldBack(view: View): boolean {
  return (xminHolders(view) ?? []).some(
    ({ row }) => (row.seconds ?? 0) >= view.thresholds.idleInTransactionSeconds,
  );
}

function tablesWaiting(view: View): readonly TableRow[] {
  const at = new Set((view.rows(postgresVacuumProgressRows) ?? []).map(({ relation }) => relation));
  return (
    (vacuumedTables(view) ?? [])
      .filter((table) => table.autovacuumEnabled && isBehind(table) && !at.has(tableKey(table)))
      // No speed removes what somebody could still see.
      .filter((table) => keeperOf(view, table) === null && !isLeft(table))
      .toSorted((a, b) => Number(deadRowsHurt(b)) - Number(deadRowsHurt(a)) || b.deadRows - a.deadRows)
  );
}

function draftOf(view: View, workers: AutovacuumWorkersRow, waiting: readonly TableRow[]): FindingDraft {
  const [worst] = waiting;
  const hurts = waiting.some(deadRowsHurt);
  const { workersMax, longestSeconds, longestWork, costDelayMs, costLimit } = workers;
  return {
    subject: "",
    severity: hurts ? "P2" : "P3",
    confidence: 0.8,
    summary: `${workersMax === 1 ? "The only autovacuum worker is" : `All ${workersMax} autovacuum workers are`} busy, the longest for ${duration(longestSeconds)}, and ${plural(waiting.length, "table waits", "tables wait")}: ${list(waiting.slice(0, 3).map((table) => `${tableKey(table)} with ${rounded(table.deadRows)} dead rows`))}${hurts ? ", which scans read" : "; nothing is seen to suffer from it now"}`,
    evidence: [
      {
        source: postgresVacuumWorkersRows.id,
        says: `${speedText(workers)} (${rounded(costLimit)} cost units, then ${rounded(costDelayMs)} ms of sleep)${longestWork === null ? "" : `; the longest is at ${longestWork}`}`,
      },
      ...progressText(view),
    ],
    explains: waiting.flatMap((table) => explained(tableKey(table))),
    actions: [
      ...speedUpAutovacuum(view, workers),
      ...(worst === undefined ? [] : [vacuumTable(view, worst)]),
    ],
  };
}

/** A page that is changed costs 20 (vacuum_cost_page_dirty). */
function speedText({ costDelayMs, costLimit }: AutovacuumWorkersRow): string {
  if (costDelayMs === 0) return "the workers are not slowed down";
  const pages = (costLimit / 20) * (1000 / costDelayMs);
  return `all workers together may change ${bytesText(pages * 8192)} a second`;
}

function progressText(view: View): FindingDraft["evidence"] {
  return (view.rows(postgresVacuumProgressRows) ?? [])
    .filter(({ automatic }) => automatic)
    .slice(0, 3)
    .map(({ relation, seconds, percent, phase, wraparound }) => ({
      source: postgresVacuumProgressRows.id,
      says: `${relation ?? "a table of another database"}: ${phase}${percent === null ? "" : `, ${Math.round(percent)} % of it done`} after ${duration(seconds)}${wraparound ? ", to prevent wraparound" : ""}`,
    }));
}

function explained(subject: string): readonly Explanation[] {
  const because = "it waits for an autovacuum worker";
  return [
    { cause: "dead-tuples-behind", subject, because },
    { cause: "table-bloat", subject, because },
    { cause: "stale-statistics", subject, because },
  ];
}
