import { bytesText, othersOf } from "../../facts/rds-facts.ts";
import { seenInPart } from "../../facts/seen-in-part.ts";
import type { View } from "../../facts/view.ts";
import { mysqlIndexesRows } from "../../probes/mysql/indexes/indexes-rows.ts";
import { mysqlIndexesUnusedRows } from "../../probes/mysql/indexes/unused-rows.ts";
import { type PostgresIndexRow, postgresIndexesRows } from "../../probes/postgres/indexes-rows.ts";
import { dropIndex } from "../../remedies/index-remedies.ts";
import { dropMysqlIndex, hideMysqlIndex } from "../../remedies/mysql-index-remedies.ts";
import { shownName } from "../../text/sql-names.ts";
import { countText, duration, plural } from "../../text/wording.ts";
import { defineRule } from "../define.ts";
import { tidyDraft, type Untidy } from "../tidy-draft.ts";

/** Smaller ones cost too little, and on a small table the planner leaves any index alone. */
const minBytes = 1024 ** 2;
const writesPerScan = 1000;
/** MySQL and MariaDB tell no size here: what is written says what keeping the index costs. */
const minWrites = 10_000;

export const unusedIndex = defineRule({
  id: "unused-index",
  spec: ["D4"],
  category: "indexes",
  title: "Indexes cost every write and serve no query",
  needs: ["postgres-indexes", "mysql-indexes-unused", "mysql-indexes"],
  evaluate: (view) => {
    // A standby counts its own scans only and can drop nothing; its primary is the one to ask.
    if (view.server?.writable === false) return [];
    const replicas = othersOf(view).filter(({ role }) => role !== "writer");
    const postgres = postgresUnused(view, replicas.length > 0);
    const bytes = postgres.reduce((sum, { weight }) => sum + weight, 0);
    const cost = bytes === 0 ? "" : `${bytesText(bytes)} `;
    return tidyDraft([...postgres, ...mysqlUnused(view)], {
      confidence: replicas.length === 0 ? 0.7 : 0.5,
      partial: seenInPart(view, postgresIndexesRows.id, mysqlIndexesUnusedRows.id),
      summary: (count, worst) =>
        `${plural(count, "index", "indexes")} never or hardly used, ${cost}that every write maintains: ${worst}`,
      notes: replicas.map(({ id }) => ({
        source: "topology",
        says: `${id} counts its own scans: look there before dropping anything`,
      })),
    });
  },
});

function postgresUnused(view: View, hasReplicas: boolean): readonly Untidy[] {
  const rows = view.rows(postgresIndexesRows) ?? [];
  const paired = pairedWith(
    rows.filter(({ problem }) => problem === "duplicate" || problem === "redundant-prefix"),
  );
  return rows.flatMap((row) => {
    const observed = observedSeconds(view, row);
    if (!isIdle(row) || paired.has(keyOf(row, row.index))) return [];
    if (observed < view.thresholds.unusedIndexSeconds || row.sizeBytes < minBytes) return [];
    const counted = countedSeconds(row);
    const scans = `${row.scans === 0 ? "never scanned" : countText(row.scans, "scan")} in ${duration(observed)}`;
    const name = shownName(row.schema, row.index);
    return [
      {
        name,
        says: `${name} of ${row.table}: ${bytesText(row.sizeBytes)}, ${scans}, ${countText(row.tableWrites, "row")} of its table written meanwhile${counted === null ? "; a crash since would have thrown away what was counted before, and whether there was one could not be seen" : ""}${keyText(row)}`,
        source: postgresIndexesRows.id,
        weight: row.sizeBytes,
        // What is used now and then may be what a monthly report waits for; what a replica uses is counted there.
        // Of a foreign key it is what the next delete from the parent needs, which there may not have been yet.
        action:
          row.scans === 0 && counted !== null && !hasReplicas && row.onlyForKey === null
            ? dropIndex(view, row, scans, { coveredBy: null, scans: row.scans })
            : null,
      },
    ];
  });
}

function keyText({ onlyForKey }: PostgresIndexRow): string {
  return onlyForKey === null
    ? ""
    : `; foreign key ${onlyForKey} has no other that is used: without it each row deleted from the parent reads the whole table`;
}

interface Paired {
  readonly schema: string;
  readonly table: string;
  readonly index: string;
  readonly coveredBy: string | null;
}

/**
 * Both of two indexes that do the same work. Queries use one of them only, so the other looks unused: whoever dropped
 * this one as unused and that one as superfluous would have none left. duplicate-index says which one can go.
 */
function pairedWith(rows: readonly Paired[]): ReadonlySet<string> {
  return new Set(rows.flatMap((row) => [keyOf(row, row.index), keyOf(row, row.coveredBy ?? "")]));
}

function keyOf({ schema, table }: Pick<Paired, "schema" | "table">, index: string): string {
  return JSON.stringify([schema, table, index]);
}

/** What is scanned now and then counts as idle only beside what keeping it costs. */
function isIdle({ problem, scans, tableWrites }: PostgresIndexRow): boolean {
  return problem === "unused" || (problem === "rarely-used" && tableWrites >= writesPerScan * scans);
}

/**
 * How long scans were counted, at least. A crash discards the counters, and from 15 on leaves stats_reset null; the
 * server's start does not show it, the checkpointer's does.
 * https://www.postgresql.org/docs/current/monitoring-stats.html#MONITORING-STATS-VIEWS
 */
function countedSeconds({ statsAgeSeconds, checkpointerSeconds }: PostgresIndexRow): number | null {
  return statsAgeSeconds ?? checkpointerSeconds;
}

function observedSeconds(view: View, row: PostgresIndexRow): number {
  return countedSeconds(row) ?? view.server?.uptimeSeconds ?? 0;
}

function mysqlUnused(view: View): readonly Untidy[] {
  const paired = pairedWith(view.rows(mysqlIndexesRows) ?? []);
  return (view.rows(mysqlIndexesUnusedRows) ?? [])
    .filter(
      (row) =>
        row.uptimeSeconds >= view.thresholds.unusedIndexSeconds &&
        row.tableWrites >= minWrites &&
        !paired.has(keyOf(row, row.index)),
    )
    .map((row) => {
      const never = `never read in ${duration(row.uptimeSeconds)}`;
      return {
        name: `${row.table}.${row.index}`,
        says: `${row.index} of ${row.schema}.${row.table}: ${never}, ${countText(row.tableWrites, "row")} of its table written meanwhile`,
        source: mysqlIndexesUnusedRows.id,
        weight: row.tableWrites,
        action: row.visible
          ? hideMysqlIndex(view, row, never)
          : dropMysqlIndex(view, row, `${never}, and hidden already`, null),
      };
    });
}
