import type { Engine } from "../contract/target.ts";
import { statementParts } from "./statement-parts.ts";

interface Way {
  readonly when: RegExp;
  /** It is asked for like that already, or is not to be had. */
  readonly unless: RegExp;
  readonly says: string;
}

/**
 * https://www.postgresql.org/docs/current/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY, and the pages of REINDEX,
 * VACUUM and CLUSTER.
 */
const postgres: readonly Way[] = [
  {
    when: /^create\s+(?:unique\s+)?index\b/i,
    unless: /^create\s+(?:unique\s+)?index\s+concurrently\b/i,
    says: "CREATE INDEX CONCURRENTLY lets writers go on: outside a transaction, in longer time, with an invalid index to drop where it fails; of a partitioned table on each partition",
  },
  {
    when: /^reindex\b/i,
    unless: /\bconcurrently\b|^reindex\s+(?:\([^)]*\)\s*)?system\b/i,
    says: "REINDEX … CONCURRENTLY lets readers and writers go on: outside a transaction, in longer time, with an invalid index to drop where it fails",
  },
  {
    when: /^vacuum\s+(?:full\b|\([^)]*\bfull\b(?!\s+(?:off|false|0)))|^cluster\b/i,
    unless: /^$/,
    says: "VACUUM without FULL lets readers and writers go on; it leaves the room to new rows of the table and gives little back to the volume",
  },
];

/**
 * https://dev.mysql.com/doc/refman/8.4/en/innodb-online-ddl-operations.html
 * https://mariadb.com/docs/server/server-usage/storage-engines/innodb/innodb-online-ddl/innodb-online-ddl-overview
 */
const mysql: readonly Way[] = [
  {
    when: /^(?:alter\s+(?:online\s+|ignore\s+)*table|create\s+(?:or\s+replace\s+|online\s+|unique\s+)*index)\b/i,
    unless:
      /\block\s*=?\s*none\b|\badd\s+(?:fulltext|spatial)\b|\b(?:drop|truncate)\s+partition\b|\b(?:en|dis)able\s+keys\b/i,
    says: "with ALGORITHM=INPLACE, LOCK=NONE at its end it is refused at once where the engine cannot make it beside writers (another type of a column, mostly), as it seems here unless it was asked to copy; then a copy by triggers or the binary log (pt-online-schema-change, gh-ost) lets them go on",
  },
];

/** How the same is done while others write; null of what is done like that already, or of what is none of these. */
export function withoutBlocking(query: string | null, engine: Engine): string | null {
  const ways = engine === "postgres" ? postgres : mysql;
  const parts = statementParts(query ?? "");
  const way = ways.find(({ when, unless }) => parts.some((part) => when.test(part) && !unless.test(part)));
  return way === undefined ? null : `what would change it: ${way.says}`;
}
