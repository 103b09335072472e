import * as z from "zod";
import { SqlError } from "../../../errors.ts";
import type { SqlRow } from "../../../ports.ts";
import type { Need } from "../../define.ts";
import { atSeconds } from "../at-seconds.ts";

/** https://www.postgresql.org/docs/current/pgstatstatements.html; on RDS the library is loaded by default. */
export const statementStatistics: readonly Need[] = [
  {
    kind: "extension",
    name: "pg_stat_statements",
    enable: "CREATE EXTENSION pg_stat_statements, in a schema that {user} may use",
  },
  {
    kind: "setting",
    name: "shared_preload_libraries",
    enable: "add pg_stat_statements to shared_preload_libraries and restart",
  },
];

/** More than pg_stat_statements.max ever sensibly is; beyond it only the dearest are read. */
const maxEntries = 20_000;

/**
 * Column names follow the version of the extension, not of the server: after an upgrade it stays old until ALTER
 * EXTENSION … UPDATE. 1.8 is PostgreSQL 13, 1.9 is 14, 1.10 is 15, 1.11 is 17.
 */
const since = (version: string, then: string, otherwise: string): string =>
  `case when version >= '{${version}}' then '${then}' else '${otherwise}' end`;

const columns = [
  "'queryid::text'",
  "'userid::text'",
  "'dbid::text'",
  since("1,9", "toplevel", "true"),
  "'calls'",
  since("1,8", "total_exec_time", "total_time"),
  since("1,8", "total_plan_time", "0"),
  since("1,8", "max_exec_time", "max_time"),
  since("1,8", "stddev_exec_time", "stddev_time"),
  "'rows'",
  "'shared_blks_hit'",
  "'shared_blks_read'",
  "'shared_blks_dirtied'",
  "'temp_blks_read'",
  "'temp_blks_written'",
  since("1,8", "wal_bytes", "0"),
  since("1,11", "shared_blk_read_time + shared_blk_write_time", "blk_read_time + blk_write_time"),
  since("1,10", "jit_generation_time + jit_inlining_time + jit_optimization_time + jit_emission_time", "0"),
];

/**
 * The extension may live in any schema, and putting that on search_path would let whoever may create there slip
 * functions under ours. So the statement is built on the server from the catalog: query_to_xml is the one built-in
 * that runs a statement given as text, and one JSON array inside it is cheaper than 5,000 rows of XML.
 */
export const statementReadingSql = `
  select ${atSeconds}, schema_name, current_setting('block_size')::int as block_size, query_to_xml(format(
    'select pg_catalog.json_agg(pg_catalog.json_build_array(%s)) as x from (select * from %I.pg_stat_statements(false)
      order by %s desc limit ${maxEntries}) as entries',
    concat_ws(', ', ${columns.join(", ")}), schema_name, ${since("1,8", "total_exec_time", "total_time")}),
    false, true, '')::text as entries
  from (
    select n.nspname::text as schema_name, string_to_array(e.extversion, '.')::int[] as version
    from pg_extension e join pg_namespace n on n.oid = e.extnamespace
    where e.extname = 'pg_stat_statements' and current_setting('pg_stat_statements.max', true) is not null) as extension`;

const readingSchema = z.object({
  at_seconds: z.number(),
  schema_name: z.string(),
  block_size: z.number().int(),
  entries: z.string(),
});

const count = z.number();
const entriesSchema = z.array(
  z.tuple([
    z.string().nullable(),
    z.string(),
    z.string(),
    z.boolean(),
    count,
    count,
    count,
    count,
    count,
    count,
    count,
    count,
    count,
    count,
    count,
    count,
    count,
    count.default(0),
  ]),
);

/** Counters of one normalised statement of one user in one database, since they were last reset. */
export interface StatementCounters {
  readonly calls: number;
  readonly execSeconds: number;
  readonly planSeconds: number;
  readonly rows: number;
  readonly blocksHit: number;
  readonly blocksRead: number;
  readonly blocksDirtied: number;
  readonly tempBlocksRead: number;
  readonly tempBlocksWritten: number;
  readonly walBytes: number;
  /** Zero with track_io_timing off. */
  readonly ioSeconds: number;
  /** Of the execution, spent on compiling it; zero before 15. */
  readonly jitSeconds: number;
}

export interface StatementEntry extends StatementCounters {
  readonly key: string;
  readonly queryId: string;
  readonly userId: string;
  readonly databaseId: string;
  readonly topLevel: boolean;
  readonly maxSeconds: number;
  readonly stddevSeconds: number;
}

export interface StatementReading {
  readonly atSeconds: number;
  /** Where the extension lives. */
  readonly schema: string;
  readonly blockSize: number;
  readonly entries: readonly StatementEntry[];
}

/** Throws SqlError "missing-object" when the extension is not there, or its library is not loaded. */
export function statementReading(rows: readonly SqlRow[] | undefined): StatementReading {
  if (rows?.length === 0) throw statementsMissing();
  const answer = readingSchema.parse(rows?.[0]);
  return {
    atSeconds: answer.at_seconds,
    schema: answer.schema_name,
    blockSize: answer.block_size,
    entries: entriesSchema.parse(insideXml(answer.entries) ?? []).flatMap(entryOf),
  };
}

export function statementsMissing(): SqlError {
  const where = "pg_stat_statements is not installed in this database, or its library is not loaded";
  return new SqlError("missing-object", "42P01", where);
}

/** Numbers and digits only: nothing in it can have been escaped. Undefined when no row was aggregated. */
export function insideXml(xml: string): unknown {
  const text = /<x>([^<]*)<\/x>/.exec(xml)?.[1];
  return text === undefined ? undefined : JSON.parse(text);
}

/** An entry without an id is another user's, hidden. */
function entryOf(entry: z.infer<typeof entriesSchema>[number]): StatementEntry[] {
  const [queryId, userId, databaseId, topLevel, calls, execMs, planMs, maxMs, stddevMs, rows, ...rest] =
    entry;
  const [blocksHit, blocksRead, blocksDirtied, tempRead, tempWritten, walBytes, ioMs, jitMs] = rest;
  if (queryId === null) return [];
  return [
    {
      key: `${userId}/${databaseId}/${queryId}/${topLevel}`,
      queryId,
      userId,
      databaseId,
      topLevel,
      calls,
      execSeconds: execMs / 1000,
      planSeconds: planMs / 1000,
      maxSeconds: maxMs / 1000,
      stddevSeconds: stddevMs / 1000,
      rows,
      blocksHit,
      blocksRead,
      blocksDirtied,
      tempBlocksRead: tempRead,
      tempBlocksWritten: tempWritten,
      walBytes,
      ioSeconds: ioMs / 1000,
      jitSeconds: jitMs / 1000,
    },
  ];
}
