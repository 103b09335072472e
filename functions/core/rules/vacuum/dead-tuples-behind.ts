import { costliest, spendingOf } from "../../facts/statement-cost.ts";
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
import {
  type MaintenanceProgressRow,
  postgresVacuumProgressRows,
} from "../../probes/postgres/vacuum-progress-rows.ts";
import { postgresVacuumWorkersRows } from "../../probes/postgres/vacuum-workers-rows.ts";
import { enableAutovacuum } from "../../remedies/autovacuum-remedies.ts";
import { vacuumTable } from "../../remedies/query-remedies.ts";
import { describeSession, duration, list, plural } from "../../text/wording.ts";
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

/** A vacuum of the table that is running. */
function vacuumOf(view: View, table: TableRow): MaintenanceProgressRow | null {
  const rows = view.rows(postgresVacuumProgressRows) ?? [];
  return rows.find(({ command, relation }) => command === "vacuum" && relation === tableKey(table)) ?? null;
}

/** It waits for a page that somebody else has pinned, most of the time with an open cursor, and does nothing meanwhile. */
function standsStill({ waitEvent }: MaintenanceProgressRow): boolean {
  return waitEvent?.startsWith("BufferPin") ?? false;
}

/** Being vacuumed right now: what is counted will be gone when it ends. */
function isVacuumed(view: View, table: TableRow): boolean {
  const vacuum = vacuumOf(view, table);
  return vacuum !== null && !standsStill(vacuum);
}

function draftOf(view: View, table: TableRow): FindingDraft {
  const { deadRows, liveRows, vacuumAtDeadRows, now } = table;
  const hurts = deadRowsHurt(table);
  const ago = vacuumedSecondsAgo(table);
  const stuck = vacuumOf(view, table);
  return {
    subject: tableKey(table),
    severity: hurts ? "P2" : "P3",
    nature: hurts ? "acute" : "chronic",
    confidence: hurts ? 0.8 : 0.6,
    summary: `${tableKey(table)} has ${rounded(deadRows)} dead rows beside ${rounded(liveRows)} live ones, and autovacuum should come at ${rounded(vacuumAtDeadRows)}${hurts ? `; ${rounded(now.seqScansPerSecond ?? 0)} scans a second read them all` : "; nothing is seen to suffer from it now"}`,
    evidence: [
      {
        source: "postgres-tables",
        says:
          ago === null ? "never vacuumed since statistics were reset" : `last vacuumed ${duration(ago)} ago`,
      },
      ...(stuck === null ? [] : pinnedText(view, table, stuck)).map((says) => ({
        source: postgresVacuumProgressRows.id,
        says,
      })),
      ...whyText(view, table).map((says) => ({ source: "postgres-vacuum-workers", says })),
    ],
    explains: [
      { cause: "table-bloat", subject: tableKey(table), because: "the room of dead rows is not used again" },
      ...(hurts
        ? [
            { cause: "cpu-saturated" as const, because: "each scan reads the dead rows too" },
            { cause: "io-saturated" as const, because: "each scan reads the dead rows too" },
            ...readersOf(view, table).map((subject) => ({
              cause: "expensive-statement" as const,
              subject,
              because: "most of what it reads is dead rows",
            })),
          ]
        : []),
    ],
    // A second vacuum would queue behind the one that waits, and so would ALTER TABLE.
    actions:
      stuck === null
        ? [vacuumTable(view, table), ...(table.autovacuumEnabled ? [] : [enableAutovacuum(table)])]
        : [],
  };
}

/** Statements whose plan spends itself on reading the table whole, as findings name them. */
function readersOf(view: View, table: TableRow): readonly string[] {
  const scans = new RegExp(`\\bSeq Scan of (?:${escaped(tableKey(table))}|${escaped(table.table)}) `);
  return costliest(view)
    .filter((statement) => spendingOf(view, statement)?.says.some((line) => scans.test(line)))
    .map(({ key }) => key);
}

function escaped(name: string): string {
  return name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

/** Pins are shown nowhere: whoever has the table open in a transaction that does nothing may have the page. */
function pinnedText(view: View, { table }: TableRow, vacuum: MaintenanceProgressRow): readonly string[] {
  const open = (view.sessions ?? []).filter(
    ({ state, query }) =>
      state === "idle-in-transaction" &&
      (/^\s*(?:fetch|declare|move)\b/i.test(query ?? "") || (query ?? "").includes(table)),
  );
  const who = open.slice(0, 3).map((session) => describeSession(session, view.evidence.target.engine));
  return [
    `a vacuum of it (pid ${vacuum.pid}) has run for ${duration(vacuum.seconds)} and waits for a page that somebody has pinned, as an open cursor does`,
    ...(who.length === 0
      ? []
      : [
          `idle in transaction, and last at this table or at a cursor: ${list(who)}; closing the cursor or the transaction lets the vacuum go on`,
        ]),
  ];
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
