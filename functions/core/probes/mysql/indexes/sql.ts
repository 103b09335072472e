import * as z from "zod";
import { SqlError } from "../../../errors.ts";
import type { ServerInfo, SqlRow, SqlStatement } from "../../../ports.ts";
import type { Need } from "../../define.ts";

/**
 * information_schema shows a table only to who has some privilege on it. REFERENCES is one that lets nobody read or
 * change data; the same was seen with SHOW VIEW and TRIGGER, which show or allow more.
 * https://dev.mysql.com/doc/refman/8.4/en/information-schema-introduction.html#information-schema-privileges
 */
export const metadataGrant: Need = {
  kind: "grant",
  name: "REFERENCES (shows the names of all tables and indexes, and no data)",
  enable: "GRANT REFERENCES ON *.* TO {user}",
};

export const systemSchemas = "'mysql', 'sys', 'performance_schema', 'information_schema', 'innodb', 'tmp'";

export interface TableName {
  readonly schema: string;
  readonly table: string;
}

export function tableKey({ schema, table }: TableName): string {
  return JSON.stringify([schema, table]);
}

export function tablespaces({ engine }: ServerInfo): string {
  return `information_schema.${engine === "mariadb" ? "INNODB_SYS_TABLESPACES" : "INNODB_TABLESPACES"}`;
}

/** Files of tables, a partitioned one's together: `shop/orders#p#p0`, with a capital on MariaDB. */
export function tableFile({ engine }: ServerInfo): string {
  return `SUBSTRING_INDEX(NAME, '${engine === "mariadb" ? "#P#" : "#p#"}', 1)`;
}

/** Halves of InnoDB's `shop/orders`. MariaDB writes both as names of files, `my@002dorders`, and can turn them back. */
export function schemaOf(name: string, server: ServerInfo): string {
  return plainName(`SUBSTRING_INDEX(${name}, '/', 1)`, server);
}

export function nameOf(name: string, server: ServerInfo): string {
  return plainName(`SUBSTRING(${name}, LOCATE('/', ${name}) + 1)`, server);
}

function plainName(text: string, { engine }: ServerInfo): string {
  return engine === "mariadb"
    ? `CONVERT(CONVERT(CAST(${text} AS BINARY) USING filename) USING utf8mb4)`
    : text;
}

export const isTableFile = `NAME LIKE '_%/_%' AND NAME NOT LIKE '%/#%' AND NAME NOT LIKE '%/fts\\_%'
  AND SUBSTRING_INDEX(NAME, '/', 1) NOT IN (${systemSchemas})`;

/** InnoDB lists its files whatever one may see; what is missing beside them is hidden. */
export function metadataSight(server: ServerInfo): SqlStatement {
  return {
    sql: `SELECT
      (SELECT COUNT(*) FROM information_schema.TABLES WHERE TABLE_SCHEMA NOT IN (${systemSchemas})) AS visible,
      (SELECT COUNT(DISTINCT ${tableFile(server)}) FROM ${tablespaces(server)} WHERE ${isTableFile}) AS existing`,
  };
}

/** Throws SqlError "permission" when hidden tables would pass for none. A few may come and go meanwhile. */
export function requireMetadata(rows: readonly SqlRow[] = []): void {
  const [visible, existing] = [Number(rows[0]?.["visible"]), Number(rows[0]?.["existing"])];
  if (visible >= existing * 0.9) return;
  const what = `only ${visible} of ${existing} tables are visible to this user`;
  throw new SqlError("permission", "information_schema", what);
}

/**
 * One look-up for each table: MariaDB finds a table by its name only where both names are compared with a constant, and
 * would else open every table there is.
 */
export function forTables(tables: readonly TableName[], select: string): SqlStatement[] {
  if (tables.length === 0) return [];
  const one = `${select} WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ?`;
  const params = tables.flatMap(({ schema, table }) => [schema, table]);
  return [{ sql: tables.map(() => one).join("\nUNION ALL "), params }];
}

/** Cardinality makes the server open the table: only for the few that are shown. */
export function indexColumns(tables: readonly TableName[], { engine }: ServerInfo): SqlStatement[] {
  const own =
    engine === "mariadb"
      ? "NULL AS expression, IF(IGNORED = 'YES', 0, 1) AS visible"
      : "EXPRESSION AS expression, IF(IS_VISIBLE = 'YES', 1, 0) AS visible";
  return forTables(
    tables,
    `SELECT TABLE_SCHEMA AS schema_name, TABLE_NAME AS table_name, INDEX_NAME AS index_name, NON_UNIQUE AS non_unique,
      SEQ_IN_INDEX AS seq, COLUMN_NAME AS column_name, SUB_PART AS sub_part, COLLATION AS sort_order,
      INDEX_TYPE AS index_type, CARDINALITY AS cardinality, ${own} FROM information_schema.STATISTICS`,
  );
}

/** How much each table was used since the server's start, the most written to first; empty with performance_schema off. */
export const tableUseSql = `
  SELECT OBJECT_SCHEMA AS schema_name, OBJECT_NAME AS table_name, COUNT_READ AS reads_total, COUNT_WRITE AS writes_total
  FROM performance_schema.table_io_waits_summary_by_table
  WHERE OBJECT_TYPE = 'TABLE' AND COUNT_STAR > 0 AND OBJECT_SCHEMA NOT IN (${systemSchemas})
  ORDER BY COUNT_WRITE DESC, COUNT_READ DESC LIMIT 2000`;

const number = z.coerce.number();
const useSchema = z.object({
  schema_name: z.string(),
  table_name: z.string(),
  reads_total: number,
  writes_total: number,
});

export interface TableUse {
  readonly reads: number;
  readonly writes: number;
}

/** By tableKey. */
export function tableUses(rows: readonly SqlRow[] = []): ReadonlyMap<string, TableUse> {
  return new Map(
    z
      .array(useSchema)
      .parse(rows)
      .map((row) => [
        tableKey({ schema: row.schema_name, table: row.table_name }),
        { reads: row.reads_total, writes: row.writes_total },
      ]),
  );
}

/** The tables whose indexes cost most to keep: those written to most. */
export function mostWritten(
  tables: readonly TableName[],
  uses: ReadonlyMap<string, TableUse>,
  count: number,
): TableName[] {
  const writes = (table: TableName): number => uses.get(tableKey(table))?.writes ?? 0;
  const distinct = new Map(tables.map((table) => [tableKey(table), table]));
  return [...distinct.values()].toSorted((a, b) => writes(b) - writes(a)).slice(0, count);
}
