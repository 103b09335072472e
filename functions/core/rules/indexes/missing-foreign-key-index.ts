import type { Explanation } from "../../contract/explanation.ts";
import type { ProposedAction } from "../../contract/finding.ts";
import type { Session } from "../../contract/session.ts";
import { connectedDatabase } from "../../facts/connected-database.ts";
import { cpuPressure } from "../../facts/cpu-pressure.ts";
import {
  deletesFrom,
  type LookupScans,
  lookupScans,
  wastefulRowsPerSecond,
} from "../../facts/lookup-scans.ts";
import { bytesText } from "../../facts/rds-facts.ts";
import { seenInPart } from "../../facts/seen-in-part.ts";
import { worstOf } from "../../facts/severity.ts";
import type { View } from "../../facts/view.ts";
import { postgresDatabaseRatesRows } from "../../probes/postgres/database-rates-rows.ts";
import {
  type PostgresForeignKeyIndexRow,
  postgresForeignKeyIndexesRows,
} from "../../probes/postgres/foreign-key-indexes-rows.ts";
import { postgresIndexesRows } from "../../probes/postgres/indexes-rows.ts";
import { createIndex } from "../../remedies/index-remedies.ts";
import { compare } from "../../text/compare.ts";
import { shownName } from "../../text/sql-names.ts";
import { countText, duration, plural } from "../../text/wording.ts";
import { defineRule, type FindingDraft } from "../define.ts";
import { tidyDraft } from "../tidy-draft.ts";
import { loggedLookups } from "./logged-lookups-draft.ts";

type Row = PostgresForeignKeyIndexRow;

/** Below this, reading the whole table is over before anybody notices. */
const largeRows = 100_000;
const worstTold = 3;

export const missingForeignKeyIndex = defineRule({
  id: "missing-foreign-key-index",
  spec: ["D4"],
  category: "indexes",
  title: "Deleting a parent row reads the whole referencing table",
  needs: ["postgres-foreign-key-indexes", "postgres-sessions"],
  evaluate: (view) => {
    const seen = view.rows(postgresForeignKeyIndexesRows);
    if (seen === null) return loggedLookups(view);
    const rows = seen;
    const seconds = observedSeconds(view);
    const judged = rows.map((row) => ({ row, harm: harmOf(view, row, seconds) }));
    const harmful = judged
      .flatMap(({ row, harm }) => (harm === null ? [] : [{ row, harm }]))
      .toSorted((a, b) => b.row.tableRows - a.row.tableRows || compare(subjectOf(a.row), subjectOf(b.row)));
    const told = new Set(harmful.slice(0, worstTold).map(({ row }) => subjectOf(row)));
    return [
      ...harmful.slice(0, worstTold).map(({ row, harm }) => harmfulDraft(view, row, harm)),
      ...harmlessDraft(
        view,
        rows.filter((row) => !told.has(subjectOf(row))),
      ),
    ];
  },
});

interface Harm {
  /** What it does just now is known, and not only what it did. */
  readonly isNow: boolean;
  readonly says: readonly string[];
  readonly explains: readonly Explanation[];
}

/** Null when nobody deletes from the parent, or the reading that it costs is not worth speaking of. */
function harmOf(view: View, row: Row, seconds: number | null): Harm | null {
  if (row.tableRows < largeRows) return null;
  // What a statement that still runs has deleted is not counted yet.
  const running = deletersOf(view, row);
  const scans = lookupScans(view, row);
  if (scans !== null && running.length === 0) return harmNow(row, scans);
  if (row.referencedDeletes === 0 && running.length === 0) return null;
  const perSecond = seconds === null ? 0 : (row.referencedDeletes * row.tableRows) / Math.max(1, seconds);
  if (running.length === 0 && perSecond < wastefulRowsPerSecond) return null;
  return {
    isNow: false,
    says: [
      `${countText(row.referencedDeletes, "row")} deleted from ${row.referencedTable} in ${duration(seconds)}${running.length > 0 ? ", not counting what runs now" : ""}, each reading up to ${countText(row.tableRows, "row")} of ${row.table}`,
      ...running.map(
        ({ id, statementSeconds }) =>
          `pid ${id} deletes from ${row.referencedTable} since ${duration(statementSeconds)}`,
      ),
      ...(running.length === 0 ? [] : [helpsLater]),
    ],
    // Who waits for its locks is helped by its end alone: that one is the root, with what ends it.
    explains: running.map(({ id }) => ({
      cause: "long-running-query",
      subject: `session:${id}`,
      because: `each row it deletes makes the server read all of ${row.table}`,
    })),
  };
}

function harmNow({ table }: Row, { statement, says }: LookupScans): Harm {
  const because = `each row it deletes makes the server read all of ${table}`;
  return {
    isNow: true,
    says: [says],
    explains: [
      { cause: "expensive-statement", subject: statement.key, because },
      { cause: "query-regression", subject: statement.key, because },
      { cause: "cpu-saturated", because },
      { cause: "io-saturated", because },
    ],
  };
}

/** https://www.postgresql.org/docs/current/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY */
const helpsLater =
  "an index helps the deletions that come after: CREATE INDEX CONCURRENTLY waits for the one that runs, which keeps its locks until it ends or is cancelled";

/** Sessions that have been deleting from the parent for as long as a slow query. */
function deletersOf({ sessions, thresholds }: View, { referencedTable }: Row): readonly Session[] {
  return (sessions ?? [])
    .filter(
      ({ state, query, statementSeconds, waitEvent }) =>
        state === "active" &&
        !/^lock\//i.test(waitEvent ?? "") &&
        (statementSeconds ?? 0) >= thresholds.slowQuerySeconds &&
        deletesFrom(query ?? "", referencedTable),
    )
    .toSorted((a, b) => a.id - b.id);
}

/** How long deletes were counted, at least. */
function observedSeconds(view: View): number | null {
  const rates = view
    .rows(postgresDatabaseRatesRows)
    ?.find(({ database }) => database === connectedDatabase(view));
  // Each row was timed by itself: whichever comes first must not decide.
  const ages = (view.rows(postgresIndexesRows) ?? []).flatMap(({ statsAgeSeconds }) => statsAgeSeconds ?? []);
  const oldest = ages.length === 0 ? null : ages.reduce((a, b) => Math.max(a, b));
  return rates?.sinceReset.statsSeconds ?? oldest ?? view.server?.uptimeSeconds ?? null;
}

function harmfulDraft(view: View, row: Row, { isNow, says, explains }: Harm): FindingDraft {
  const child = shownName(row.schema, row.table);
  return {
    subject: subjectOf(row),
    severity: isNow ? (worstOf(["P2", cpuPressure(view)?.severity ?? "P2"]) ?? "P2") : "P2",
    nature: "acute",
    confidence: explains.length > 0 ? 0.85 : 0.75,
    summary: `Every row deleted from ${row.referencedTable} reads all of ${child} (${countText(row.tableRows, "row")}, ${bytesText(row.tableBytes)}), because ${row.constraint} has no index on ${row.columns.join(", ")}; ${row.referencedDeletes === 0 ? "a deletion runs now" : `${countText(row.referencedDeletes, "row")} deleted so far`}`,
    evidence: [
      ...says.map((text) => ({ source: postgresForeignKeyIndexesRows.id, says: text })),
      {
        source: postgresForeignKeyIndexesRows.id,
        says: `ON DELETE ${row.onDelete.replace("-", " ").toUpperCase()}`,
      },
    ],
    explains,
    actions: [indexOf(view, row)],
  };
}

function indexOf(view: View, row: Row): ProposedAction {
  const what = `index ${row.columns.join(", ")} of ${shownName(row.schema, row.table)}`;
  return createIndex(view, row.createIndex, what, row.owner);
}

function harmlessDraft(view: View, rows: readonly Row[]): readonly FindingDraft[] {
  return tidyDraft(
    rows.map((row) => ({
      name: `${row.constraint} of ${shownName(row.schema, row.table)}`,
      says: `${row.constraint} of ${shownName(row.schema, row.table)} (${row.columns.join(", ")}; ${countText(row.tableRows, "row")}) refers to ${row.referencedTable}, ${countText(row.referencedDeletes, "row")} deleted there`,
      source: postgresForeignKeyIndexesRows.id,
      weight: row.tableRows * (1 + row.referencedDeletes),
      // Whoever writes pays for it, and nobody has asked for it yet.
      action: row.referencedDeletes === 0 ? null : indexOf(view, row),
    })),
    {
      confidence: 0.7,
      partial: seenInPart(view, postgresForeignKeyIndexesRows.id),
      summary: (count, worst) =>
        `${plural(count, "foreign key has", "foreign keys have")} no index on the referencing side, which slows deletes from the parent as the table grows: ${worst}`,
    },
  );
}

function subjectOf({ schema, table, constraint }: Row): string {
  return `${schema}.${table}.${constraint}`;
}
