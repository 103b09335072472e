import * as z from "zod";
import type { SqlRow } from "../../ports.ts";
import { defineProbe } from "../define.ts";
import {
  metadataGrant,
  metadataSight,
  requireMetadata,
  type TableName,
  type TableUse,
  tableKey,
  tableUseSql,
  tableUses,
} from "./indexes/sql.ts";
import { performanceSchemaGrant, processGrant } from "./sight.ts";
import { type MysqlTableRow, mysqlTablesRows, tableRanks } from "./tables-rows.ts";
import { fullScansSql, largestFilesSql, tableFacts, uptimeSql, withoutPrimaryKeySql } from "./tables-sql.ts";

const number = z.coerce.number();
const namedSchema = z.object({ schema_name: z.string(), table_name: z.string() });
const fileSchema = namedSchema.extend({ file_bytes: number });
const scanSchema = namedSchema.extend({ scanned_rows: number });
const factsSchema = z.object({
  schema_name: z.string(),
  table_name: z.string(),
  engine: z.string().nullable(),
  table_rows: number.nullable(),
  data_bytes: number.nullable(),
  index_bytes: number.nullable(),
  free_bytes: number.nullable(),
});
type Facts = z.infer<typeof factsSchema>;

type Answers = readonly (readonly SqlRow[])[];

/** Free space worth speaking of. */
const fragmentedBytes = 50 * 1024 * 1024;
const fragmentedPercent = 20;
const shownKeyless = 30;
const shownLargest = 20;

export const mysqlTables = defineProbe({
  ...mysqlTablesRows,
  spec: ["P30"],
  title: "Which tables are largest, full of holes, scanned in full, or without a primary key?",
  engines: ["mysql", "mariadb"],
  tier: "health",
  cost: "The dictionary's tables and the sizes of their files, 0.3 s for 5,000 tables; then the statistics of at most 90 tables.",
  needs: [metadataGrant, processGrant, performanceSchemaGrant],
  maxRows: 90,
  source: "https://dev.mysql.com/doc/refman/8.4/en/information-schema-tables-table.html",
  statements: ({ server }) => [
    metadataSight(server),
    { sql: uptimeSql },
    { sql: largestFilesSql(server) },
    { sql: withoutPrimaryKeySql(server) },
    { sql: fullScansSql },
    { sql: tableUseSql },
  ],
  follow: (answers) => tableFacts(chosen(findings(answers))),
  read: (answers): MysqlTableRow[] => {
    const found = findings(answers);
    const facts = new Map(
      z
        .array(factsSchema)
        .parse(answers[6] ?? [])
        .map((row) => [tableKey({ schema: row.schema_name, table: row.table_name }), row]),
    );
    return chosen(found)
      .map((table) => rowOf(table, found, facts.get(tableKey(table))))
      .filter(({ rankedBy }) => rankedBy.length > 0)
      .toSorted((a, b) => (b.fileBytes ?? 0) - (a.fileBytes ?? 0));
  },
});

interface Found {
  readonly uptimeSeconds: number;
  /** Largest first. */
  readonly files: ReadonlyMap<string, { readonly table: TableName; readonly bytes: number }>;
  readonly keyless: ReadonlyMap<string, TableName>;
  readonly scans: ReadonlyMap<string, { readonly table: TableName; readonly rows: number }>;
  readonly uses: ReadonlyMap<string, TableUse>;
}

function findings([sight, uptime, files, keyless, scans, use]: Answers): Found {
  requireMetadata(sight);
  return {
    uptimeSeconds: Number(uptime?.[0]?.["Value"] ?? 0),
    files: byTable(fileSchema, files, (table, { file_bytes }) => ({ table, bytes: file_bytes })),
    keyless: byTable(namedSchema, keyless, (table) => table),
    scans: byTable(scanSchema, scans, (table, { scanned_rows }) => ({ table, rows: scanned_rows })),
    uses: tableUses(use),
  };
}

function byTable<Row extends z.infer<typeof namedSchema>, Value>(
  schema: z.ZodType<Row>,
  rows: readonly SqlRow[] | undefined,
  make: (table: TableName, row: Row) => Value,
): ReadonlyMap<string, Value> {
  const named = z
    .array(schema)
    .parse(rows ?? [])
    .map((row) => ({ row, table: { schema: row.schema_name, table: row.table_name } }));
  return new Map(named.map(({ row, table }) => [tableKey(table), make(table, row)]));
}

/** Without a primary key the written ones come first: they are what slows a replica down. */
function chosen({ files, keyless, scans, uses }: Found): TableName[] {
  const writes = (table: TableName): number => uses.get(tableKey(table))?.writes ?? 0;
  const all = [
    ...[...files.values()].map(({ table }) => table),
    ...[...scans.values()].map(({ table }) => table),
    ...[...keyless.values()].toSorted((a, b) => writes(b) - writes(a)).slice(0, shownKeyless),
  ];
  return [...new Map(all.map((table) => [tableKey(table), table])).values()];
}

function rowOf(table: TableName, found: Found, facts: Facts | undefined): MysqlTableRow {
  const key = tableKey(table);
  const fileBytes = found.files.get(key)?.bytes ?? null;
  const freeBytes = facts?.free_bytes ?? null;
  // Zero: the dictionary has not looked at the file since the server's start.
  const freePercent = !fileBytes || freeBytes === null ? null : (100 * freeBytes) / fileBytes;
  return {
    ...table,
    rankedBy: ranksOf(key, found, { freeBytes, freePercent }),
    engine: facts?.engine ?? null,
    fileBytes,
    estimatedRows: facts?.table_rows ?? null,
    dataBytes: facts?.data_bytes ?? null,
    indexBytes: facts?.index_bytes ?? null,
    freeBytes,
    freePercent,
    hasPrimaryKey: !found.keyless.has(key),
    keylessTables: found.keyless.size,
    sinceStart: sinceStart(key, found),
  };
}

function ranksOf(
  key: string,
  { files, scans, keyless }: Found,
  { freeBytes, freePercent }: Pick<MysqlTableRow, "freeBytes" | "freePercent">,
): MysqlTableRow["rankedBy"] {
  const place = [...files.keys()].indexOf(key);
  const ranks = {
    largest: place >= 0 && place < shownLargest,
    fragmented: (freeBytes ?? 0) >= fragmentedBytes && (freePercent ?? 0) >= fragmentedPercent,
    "full-scans": scans.has(key),
    "no-primary-key": keyless.has(key),
  };
  return tableRanks.filter((rank) => ranks[rank]);
}

function sinceStart(key: string, { uptimeSeconds, scans, uses }: Found): MysqlTableRow["sinceStart"] {
  const use = uses.get(key);
  const scanned = scans.get(key)?.rows ?? null;
  return {
    uptimeSeconds,
    rowsReadWithoutIndex: scanned,
    withoutIndexPercent: scanned === null || !use?.reads ? null : (100 * scanned) / use.reads,
    rowsRead: use?.reads ?? null,
    rowsWritten: use?.writes ?? null,
  };
}
