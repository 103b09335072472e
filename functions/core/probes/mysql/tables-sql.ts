import type { ServerInfo, SqlStatement } from "../../ports.ts";
import {
  forTables,
  isTableFile,
  nameOf,
  schemaOf,
  systemSchemas,
  type TableName,
  tableFile,
  tablespaces,
} from "./indexes/sql.ts";

export const uptimeSql = `SHOW GLOBAL STATUS LIKE 'Uptime'`;

/** The files' sizes, without opening a table. A table in a shared tablespace has no file of its own. */
export function largestFilesSql(server: ServerInfo): string {
  const file = tableFile(server);
  return `SELECT ${schemaOf("file", server)} AS schema_name, ${nameOf("file", server)} AS table_name, bytes AS file_bytes
    FROM (SELECT ${file} AS file, SUM(FILE_SIZE) AS bytes FROM ${tablespaces(server)} WHERE ${isTableFile}
      GROUP BY 1 ORDER BY 2 DESC LIMIT 40) AS largest ORDER BY bytes DESC`;
}

/**
 * MySQL has constraints in its dictionary. MariaDB would open each table to find them; InnoDB's own dictionary tells
 * what matters: the tables it had to give a hidden key, because there is neither a primary nor a not-null unique one.
 */
export function withoutPrimaryKeySql(server: ServerInfo): string {
  const file = tableFile(server);
  return server.engine === "mariadb"
    ? `SELECT DISTINCT ${schemaOf(file, server)} AS schema_name, ${nameOf(file, server)} AS table_name FROM information_schema.INNODB_SYS_TABLES
        WHERE TABLE_ID IN (SELECT TABLE_ID FROM information_schema.INNODB_SYS_INDEXES WHERE NAME = 'GEN_CLUST_INDEX')
          AND ${isTableFile} LIMIT 10000`
    : `SELECT t.TABLE_SCHEMA AS schema_name, t.TABLE_NAME AS table_name
      FROM information_schema.TABLES t LEFT JOIN information_schema.TABLE_CONSTRAINTS c
        ON c.TABLE_SCHEMA = t.TABLE_SCHEMA AND c.TABLE_NAME = t.TABLE_NAME AND c.CONSTRAINT_TYPE = 'PRIMARY KEY'
      WHERE t.TABLE_TYPE = 'BASE TABLE' AND c.TABLE_NAME IS NULL AND t.TABLE_SCHEMA NOT IN (${systemSchemas})
      LIMIT 10000`;
}

/** Rows read without any index. Empty with performance_schema off. */
export const fullScansSql = `
  SELECT OBJECT_SCHEMA AS schema_name, OBJECT_NAME AS table_name, COUNT_READ AS scanned_rows
  FROM performance_schema.table_io_waits_summary_by_index_usage
  WHERE INDEX_NAME IS NULL AND COUNT_READ > 0 AND OBJECT_TYPE = 'TABLE' AND OBJECT_SCHEMA NOT IN (${systemSchemas})
  ORDER BY COUNT_READ DESC LIMIT 20`;

/** Opens the tables, where their statistics are not cached. A sequence of MariaDB is kept as a table, and may have no key. */
export function tableFacts(tables: readonly TableName[]): SqlStatement[] {
  return forTables(
    tables,
    `SELECT TABLE_SCHEMA AS schema_name, TABLE_NAME AS table_name, IF(TABLE_TYPE = 'SEQUENCE', NULL, ENGINE) AS engine, TABLE_ROWS AS table_rows,
      DATA_LENGTH AS data_bytes, INDEX_LENGTH AS index_bytes, DATA_FREE AS free_bytes FROM information_schema.TABLES`,
  );
}
