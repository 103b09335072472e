import { catalogueChurn } from "../../facts/catalogue-churn.ts";
import { isLeft, keeperOf } from "../../facts/held-rows.ts";
import { lockedOutBy } from "../../facts/locked-out.ts";
import { describeHolder } from "../../facts/old-xmin.ts";
import { perhapsKept } from "../../facts/perhaps-kept.ts";
import { rounded, statementsOf } from "../../facts/statements.ts";
import {
  areMany,
  deadRowsHurt,
  isBehind,
  tableKey,
  vacuumedSecondsAgo,
  vacuumedTables,
} from "../../facts/table-facts.ts";
import { readersOf } from "../../facts/table-readers.ts";
import type { View } from "../../facts/view.ts";
import type { TableRow } from "../../probes/postgres/tables/rows.ts";
import {
  type MaintenanceProgressRow,
  postgresVacuumProgressRows,
} from "../../probes/postgres/vacuum-progress-rows.ts";
import { postgresVacuumWorkersRows } from "../../probes/postgres/vacuum-workers-rows.ts";
import { enableAutovacuum } from "../../remedies/autovacuum-remedies.ts";
import { vacuumTable } from "../../remedies/query-remedies.ts";
import { mentions } from "../../text/table-in.ts";
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

/** Scans read the dead rows, or dear statements do; or nobody can remove them, and they go on growing. */
function isFelt(view: View, table: TableRow, readers: number): boolean {
  return deadRowsHurt(table) || (areMany(table) && (readers > 0 || lockedOutBy(view, table) !== null));
}

function draftOf(view: View, table: TableRow): FindingDraft {
  const { deadRows, liveRows, vacuumAtDeadRows } = table;
  const readers = readersOf(view, table).map(({ key }) => key);
  const hurts = isFelt(view, table, readers.length);
  const ago = vacuumedSecondsAgo(table);
  const stuck = vacuumOf(view, table);
  const kept = keptText(view, table) ?? lockedOutText(view, table);
  const remark = kept ?? perhapsKept(view, table) ?? catalogueChurn(view, table);
  return {
    subject: tableKey(table),
    severity: hurts ? "P2" : "P3",
    nature: hurts ? "acute" : "chronic",
    confidence: hurts ? 0.8 : 0.6,
    summary: `${tableKey(table)} has ${rounded(deadRows)} dead rows beside ${rounded(liveRows)} live ones, and autovacuum should come at ${rounded(vacuumAtDeadRows)}${sufferText(table, readers.length)}${remark === null ? "" : `; ${remark}`}`,
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
            ...slowedBy(view, table),
            ...readers.flatMap((subject) =>
              (["expensive-statement", "query-regression"] as const).map((cause) => ({
                cause,
                subject,
                because: "most of what it reads is dead rows",
              })),
            ),
          ]
        : []),
    ],
    // A second vacuum would queue behind the one that waits, and so would ALTER TABLE; of rows that are kept it removes none.
    actions:
      stuck === null
        ? [
            ...(kept === null ? [vacuumTable(view, table)] : []),
            ...(table.autovacuumEnabled ? [] : [enableAutovacuum(table)]),
          ]
        : [],
  };
}

/** Why the next vacuum would leave them as the last one has; null where it may remove them. */
function keptText(view: View, table: TableRow): string | null {
  const keeper = keeperOf(view, table);
  const left = `the vacuum ${duration(vacuumedSecondsAgo(table))} ago had to leave them, as another one would`;
  if (keeper !== null) return `${left}: ${describeHolder(view, keeper)} can still see them`;
  return isLeft(table) ? `${left}: somebody could still see them, and who was not seen` : null;
}

/** Whoever has locked it by name keeps every vacuum out, one by hand too. */
function lockedOutText(view: View, table: TableRow): string | null {
  const session = lockedOutBy(view, table);
  if (session === null) return null;
  return `autovacuum passes it over, since 1 session (${describeSession(session, view.evidence.target.engine)}) has kept it locked for ${duration(session.stateSeconds)} or longer, by LOCK TABLE: its application is to commit`;
}

function sufferText(table: TableRow, readers: number): string {
  if (deadRowsHurt(table))
    return `; ${rounded(table.now.seqScansPerSecond ?? 0)} scans a second read them all`;
  return areMany(table) && readers > 0
    ? `; ${plural(readers, "statement")} that cost much read past them`
    : "; nothing is seen to suffer from it now";
}

function slowedBy(view: View, table: TableRow): FindingDraft["explains"] {
  if (!deadRowsHurt(table)) return [];
  return (statementsOf(view) ?? [])
    .filter(({ query }) => mentions(query, table.table))
    .map(({ key }) => ({
      cause: "query-regression",
      subject: key,
      because: "what it reads more than before is dead rows",
    }));
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
  const { workersBusy, workersMax, longestSeconds, costDelayMs, costLimit, waitingWorkers } = workers;
  const waits =
    waitingWorkers === 0
      ? []
      : [
          `${plural(waitingWorkers, "autovacuum worker waits", "autovacuum workers wait")} for a lock or a pinned page`,
        ];
  if (workersBusy < workersMax) return waits;
  return [
    ...waits,
    `all ${plural(workersMax, "autovacuum worker")} are busy, the longest for ${duration(longestSeconds)}; together they may do ${rounded(costLimit)} cost units every ${rounded(costDelayMs)} ms`,
  ];
}
