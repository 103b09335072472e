import { defineProbe } from "../../define.ts";
import { autovacuumSettingsSql } from "./autovacuum.ts";
import type { BloatEstimate } from "./bloat.ts";
import { type TableFacts, tableFacts } from "./facts.ts";
import { rankTables, tablesToMeasure } from "./rank.ts";
import { postgresTablesRows, type TableRank, type TableRow } from "./rows.ts";
import { type TableAnswer, tableDetailsSql, tablesSql, usedPages } from "./sql.ts";

export const postgresTables = defineProbe({
  ...postgresTablesRows,
  spec: ["P9"],
  title: "Which tables are scanned whole, full of dead rows, without fresh statistics, or bloated?",
  engines: ["postgres"],
  tier: "performance",
  cost: "Two passes over pg_class, then the columns of at most 150 tables; reads no table and waits for no table lock.",
  needs: [],
  maxRows: 40,
  source: "https://www.postgresql.org/docs/current/monitoring-stats.html#MONITORING-PG-STAT-ALL-TABLES-VIEW",
  samples: 2,
  statements: () => [{ sql: autovacuumSettingsSql }, { sql: tablesSql }],
  follow: (answers) => {
    const oids = tablesToMeasure(tableFacts(answers));
    return oids.length === 0 ? [] : [{ sql: tableDetailsSql, params: [`{${oids.join(",")}}`] }];
  },
  read: (answers): TableRow[] =>
    rankTables(tableFacts(answers)).map(({ table, rankedBy }) => rowOf(table, rankedBy)),
});

function rowOf(table: TableFacts, rankedBy: TableRank[]): TableRow {
  const { answer, plan, blockSize, detail, bloat } = table;
  const { live, dead, seq_scans, seq_rows } = answer;
  return {
    schema: answer.schema_name,
    table: answer.table_name,
    kind: kindOf(answer),
    owner: answer.owner,
    toastOf: answer.toast_of,
    rankedBy,
    bytes: answer.pages * blockSize,
    ...(answer.uncounted >= usedPages ? { uncountedPages: answer.uncounted } : {}),
    indexBytes: (detail?.index_pages ?? 0) * blockSize,
    indexes: detail?.index_count ?? 0,
    liveRows: live,
    deadRows: dead,
    deadPercent: live + dead === 0 ? null : (100 * dead) / (live + dead),
    autovacuumEnabled: plan.enabled,
    vacuumAtDeadRows: plan.vacuumAtDeadRows,
    changedSinceAnalyze: answer.modified,
    analyzeAtChangedRows: plan.analyzeAtChangedRows,
    lastVacuumSeconds: answer.last_vacuum,
    lastAutovacuumSeconds: answer.last_autovacuum,
    lastAnalyzeSeconds: answer.last_analyze,
    lastAutoanalyzeSeconds: answer.last_autoanalyze,
    now: {
      intervalSeconds: table.intervalSeconds,
      seqScansPerSecond: table.seqScansPerSecond,
      seqRowsPerSecond: table.seqRowsPerSecond,
    },
    sinceReset: {
      seqScans: seq_scans,
      seqRows: seq_rows,
      rowsPerSeqScan: seq_scans === 0 ? null : seq_rows / seq_scans,
      indexScans: detail?.index_scans ?? 0,
    },
    ...bloatFields(bloat, `${answer.schema_name}.${answer.table_name}`),
  };
}

function kindOf({ relkind, system }: TableAnswer): TableRow["kind"] {
  if (relkind === "t") return "toast";
  if (system) return "catalog";
  return relkind === "m" ? "materialized-view" : "table";
}

function bloatFields(
  bloat: BloatEstimate | null,
  table: string,
): Pick<TableRow, "bloat" | "bloatUnavailable"> {
  if (bloat?.kind === "estimated") {
    const { bytes, percent, basis } = bloat;
    return { bloat: { bytes, percent, basis }, bloatUnavailable: null };
  }
  const because = bloat?.because ?? "no-column-statistics";
  const reasons = {
    "never-analyzed": "the table was never vacuumed or analyzed: nobody has counted its rows",
    "no-column-statistics": `no statistics of its columns are visible: ANALYZE ${table} if there are none, GRANT SELECT ON ${table} TO {user} if they are hidden`,
  } as const;
  return { bloat: null, bloatUnavailable: reasons[because] };
}
