import { rounded } from "../../facts/statements.ts";
import {
  deadRowsHurt,
  isBehind,
  tableKey,
  vacuumedSecondsAgo,
  vacuumedTables,
} from "../../facts/table-facts.ts";
import type { View } from "../../facts/view.ts";
import type { TableRow } from "../../probes/postgres/tables/rows.ts";
import { postgresVacuumProgressRows } from "../../probes/postgres/vacuum-progress-rows.ts";
import { postgresVacuumWorkersRows } from "../../probes/postgres/vacuum-workers-rows.ts";
import { vacuumTable } from "../../remedies/query-remedies.ts";
import { duration, plural } from "../../text/wording.ts";
import { defineRule, type FindingDraft } from "../define.ts";

export const deadTuplesBehind = defineRule({
  id: "dead-tuples-behind",
  spec: ["D4"],
  category: "vacuum",
  title: "Dead rows pile up faster than autovacuum removes them",
  needs: ["postgres-tables", postgresVacuumWorkersRows.id, postgresVacuumProgressRows.id],
  evaluate: (view) =>
    (vacuumedTables(view) ?? [])
      .filter((table) => isBehind(table) && !isVacuumed(view, table))
      .map((table) => draftOf(view, table)),
});

/** Being vacuumed right now: what is counted will be gone when it ends. */
function isVacuumed(view: View, table: TableRow): boolean {
  return (view.rows(postgresVacuumProgressRows) ?? []).some(
    ({ command, relation }) => command === "vacuum" && relation === tableKey(table),
  );
}

function draftOf(view: View, table: TableRow): FindingDraft {
  const { deadRows, liveRows, vacuumAtDeadRows, now } = table;
  const hurts = deadRowsHurt(table);
  const ago = vacuumedSecondsAgo(table);
  return {
    subject: tableKey(table),
    severity: hurts ? "P2" : "P3",
    confidence: hurts ? 0.8 : 0.6,
    summary: `${tableKey(table)} has ${rounded(deadRows)} dead rows beside ${rounded(liveRows)} live ones, and autovacuum should come at ${rounded(vacuumAtDeadRows)}${hurts ? `; ${rounded(now.seqScansPerSecond ?? 0)} scans a second read them all` : "; nothing is seen to suffer from it now"}`,
    evidence: [
      {
        source: "postgres-tables",
        says:
          ago === null ? "never vacuumed since statistics were reset" : `last vacuumed ${duration(ago)} ago`,
      },
      ...whyText(view, table).map((says) => ({ source: "postgres-vacuum-workers", says })),
    ],
    explains: [
      { cause: "table-bloat", subject: tableKey(table), because: "the room of dead rows is not used again" },
      ...(hurts
        ? [
            { cause: "cpu-saturated" as const, because: "each scan reads the dead rows too" },
            { cause: "io-saturated" as const, because: "each scan reads the dead rows too" },
          ]
        : []),
    ],
    actions: [vacuumTable(table)],
  };
}

/** Why autovacuum has not come, as far as it can be seen. */
function whyText(view: View, { autovacuumEnabled }: TableRow): readonly string[] {
  if (!autovacuumEnabled) return ["autovacuum is off for this table"];
  const [workers] = view.rows(postgresVacuumWorkersRows) ?? [];
  if (workers === undefined) return [];
  const { workersBusy, workersMax, longestSeconds, costDelayMs, costLimit } = workers;
  if (workersBusy < workersMax) return [];
  return [
    `all ${plural(workersMax, "autovacuum worker")} are busy, the longest for ${duration(longestSeconds)}; together they may do ${rounded(costLimit)} cost units every ${rounded(costDelayMs)} ms`,
  ];
}
