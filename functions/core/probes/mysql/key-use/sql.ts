import type { ServerInfo, SqlStatement } from "../../../ports.ts";
import { mysqlName } from "../../../text/sql-names.ts";
import type { FollowStatement } from "../../define.ts";
import {
  isTableFile,
  nameOf,
  schemaOf,
  systemSchemas,
  type TableName,
  tableFile,
  tablespaces,
} from "../indexes/sql.ts";

/** Who fills a key inserts, or has done so for long: the tables with most INSERTs since the start, and the largest files. */
const mostInserted = 200;
const largest = 100;
const atOnce = 50;

export const insertsSql = `
  SELECT OBJECT_SCHEMA AS schema_name, OBJECT_NAME AS table_name, COUNT_INSERT AS inserts
  FROM performance_schema.table_io_waits_summary_by_table
  WHERE OBJECT_TYPE = 'TABLE' AND COUNT_INSERT > 0 AND OBJECT_SCHEMA NOT IN (${systemSchemas})
  ORDER BY COUNT_INSERT DESC LIMIT ${mostInserted}`;

export function largestSql(server: ServerInfo): string {
  return `SELECT ${schemaOf("file", server)} AS schema_name, ${nameOf("file", server)} AS table_name
    FROM (SELECT ${tableFile(server)} AS file, SUM(FILE_SIZE) AS bytes FROM ${tablespaces(server)}
      WHERE ${isTableFile} GROUP BY 1 ORDER BY 2 DESC LIMIT ${largest}) AS largest`;
}

const counters = `SELECT c.TABLE_SCHEMA AS schema_name, c.TABLE_NAME AS table_name, c.COLUMN_NAME AS column_name,
    c.COLUMN_TYPE AS column_type, CAST(t.AUTO_INCREMENT AS CHAR) AS next_value FROM information_schema.COLUMNS c`;
const isCounter = "c.EXTRA LIKE '%auto\\_increment%'";

/** MariaDB finds a table by its name only where both names are compared with a constant. */
const oneSql = `${counters} JOIN information_schema.TABLES t ON t.TABLE_SCHEMA = ? AND t.TABLE_NAME = ?
  WHERE c.TABLE_SCHEMA = ? AND c.TABLE_NAME = ? AND ${isCounter}`;

/** The counter needs the table open, which those that are written to are. */
export function countersSql(tables: readonly TableName[], { engine }: ServerInfo): FollowStatement[] {
  if (tables.length === 0) return [];
  return engine === "mariadb" ? oneByOne(tables) : allAtOnce(tables);
}

function oneByOne(tables: readonly TableName[]): FollowStatement[] {
  const chunks = Array.from({ length: Math.ceil(tables.length / atOnce) }, (_, at) =>
    tables.slice(at * atOnce, (at + 1) * atOnce),
  );
  return chunks.map((chunk) => ({
    sql: chunk.map(() => oneSql).join("\nUNION ALL "),
    params: chunk.flatMap(({ schema, table }) => [schema, table, schema, table]),
  }));
}

/**
 * Many times quicker on MySQL's dictionary than a look-up for each. It would answer from statistics that are up to a day
 * old. https://dev.mysql.com/doc/refman/8.4/en/information-schema-tables-table.html
 */
function allAtOnce(tables: readonly TableName[]): FollowStatement[] {
  const expiry = (value: string): FollowStatement => ({
    sql: `SET SESSION information_schema_stats_expiry = ${value}`,
    mayFail: true,
  });
  const look = {
    sql: `${counters} JOIN information_schema.TABLES t USING (TABLE_SCHEMA, TABLE_NAME)
      WHERE (c.TABLE_SCHEMA, c.TABLE_NAME) IN (${tables.map(() => "(?, ?)").join(", ")}) AND ${isCounter}`,
    params: tables.flatMap(({ schema, table }) => [schema, table]),
  };
  return [expiry("0"), look, expiry("DEFAULT")];
}

/** INSERTs by the table they name; REPLACE and LOAD DATA draw keys, too. MariaDB doubles a quote in a name, MySQL does not. */
export function failuresSql(tables: readonly TableName[], { engine }: ServerInfo): SqlStatement {
  const one = `SELECT ? AS schema_name, ? AS table_name, IF(@@performance_schema, COALESCE(SUM(SUM_ERRORS), 0), NULL) AS failed,
      TIMESTAMPDIFF(SECOND, MAX(LAST_SEEN), NOW()) AS seconds_ago
    FROM performance_schema.events_statements_summary_by_digest
    WHERE SUM_ERRORS > 0 AND DIGEST_TEXT REGEXP '^(INSERT|REPLACE|LOAD) ' AND LOCATE(?, DIGEST_TEXT) > 0
      AND (SCHEMA_NAME = ? OR LOCATE(?, DIGEST_TEXT) > 0)`;
  const params = tables.flatMap(({ schema, table }) => {
    const quoted = (name: string) => (engine === "mariadb" ? mysqlName(name) : `\`${name}\``);
    return [schema, table, quoted(table), schema, `${quoted(schema)} . ${quoted(table)}`];
  });
  return { sql: tables.map(() => one).join("\nUNION ALL "), params };
}
