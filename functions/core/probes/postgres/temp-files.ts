import * as z from "zod";
import { shownQuery } from "../../text/normalise-query.ts";
import { defineProbe } from "../define.ts";
import { pairs } from "../growth.ts";
import { atSeconds } from "./at-seconds.ts";
import { encodingHereSql, legibleTextSql } from "./legible-text.ts";
import { pgMonitor, requireSight, sightStatement } from "./sight.ts";
import { postgresTempFilesRows, type TempFilesRow } from "./temp-files-rows.ts";

const answerSchema = z.object({
  at_seconds: z.number(),
  pid: z.number().int(),
  user_name: z.string().nullable(),
  application: z.string().nullable(),
  database_name: z.string().nullable(),
  query: z.string().nullable(),
  opted_out: z.boolean(),
  statement_seconds: z.number().nullable(),
  files: z.number().int(),
  bytes: z.number(),
});

/** The server counts temporary files when they are gone. Those that are there carry their process's number. */
const sql = `
  with files as (
    select substring(name from '^pgsql_tmp(\\d+)')::int as pid, size from pg_ls_tmpdir() where name like 'pgsql_tmp%'),
  owned as (
    select coalesce(a.leader_pid, a.pid) as pid, count(*)::int as files, sum(f.size)::float8 as bytes
    from files f join pg_stat_activity a on a.pid = f.pid group by 1)
  select ${atSeconds}, o.pid, a.usename::text as user_name, nullif(a.application_name, '') as application,
    a.datname::text as database_name, extract(epoch from clock_timestamp() - a.query_start)::float8 as statement_seconds,
    left(${legibleTextSql({ text: "a.query", encoding: "d.encoding", here: "here" })}, 4000) as query,
    coalesce(strpos(lower(a.query), lower($1)) > 0, false) as opted_out, o.files, o.bytes
  from owned o join pg_stat_activity a on a.pid = o.pid left join pg_database d on d.oid = a.datid
    cross join ${encodingHereSql} as here
  where a.backend_type = 'client backend'
  order by o.bytes desc, o.pid limit 20`;

export const postgresTempFiles = defineProbe({
  ...postgresTempFilesRows,
  spec: ["P7"],
  title: "Which running sessions write temporary files, and how fast?",
  engines: ["postgres"],
  tier: "performance",
  cost: "A listing of the directory of temporary files and one pass over the sessions, both twice.",
  needs: [pgMonitor],
  maxRows: 10,
  source: "https://www.postgresql.org/docs/current/functions-admin.html#FUNCTIONS-ADMIN-GENFILE",
  samples: 2,
  statements: ({ settings }) => [sightStatement, { sql, params: [settings.policy.optOutComment] }],
  read: ([sight, first, , second], { settings }): TempFilesRow[] => {
    requireSight(sight);
    return pairs(answerSchema, first, second, ({ pid }) => String(pid)).map(({ before, after, seconds }) => ({
      pid: after.pid,
      user: after.user_name,
      application: after.application,
      database: after.database_name,
      query:
        after.query === null
          ? null
          : shownQuery(after.query, {
              dialect: "postgres",
              queryText: settings.probing.queryText,
              optOutComment: settings.policy.optOutComment,
              optedOut: after.opted_out,
            }),
      statementSeconds: after.statement_seconds === null ? null : Math.max(0, after.statement_seconds),
      files: after.files,
      bytes: after.bytes,
      bytesPerSecond: before === undefined || seconds <= 0 ? null : (after.bytes - before.bytes) / seconds,
    }));
  },
});
