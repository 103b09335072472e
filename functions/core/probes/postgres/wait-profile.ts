import * as z from "zod";
import { shownQuery } from "../../text/normalise-query.ts";
import { defineProbe } from "../define.ts";
import { encodingHereSql, legibleTextSql } from "./legible-text.ts";
import { pgMonitor, requireSight, sightStatement } from "./sight.ts";
import { postgresWaitProfileRows, type WaitProfileRow } from "./wait-profile-rows.ts";

const samples = 10;

const answerSchema = z.object({
  wait_event_type: z.string().nullable(),
  wait_event: z.string().nullable(),
  samples: z.number().int(),
  window_seconds: z.number(),
  observations: z.number().int(),
  distinct_sessions: z.number().int(),
  query: z.string().nullable(),
});

/**
 * Several looks in one statement: within a transaction activity is read once and kept, so every look throws that
 * copy away first. The argument nullif(n, n) is null, "all backends", but names the look: otherwise the executor
 * would call the function once and hand out its first answer again. A look is taken even when nothing is running
 * (left join), or an idle server would seem not to have been looked at.
 */
const sql = `
  with looks as materialized (
    select look.n, look.at, a.pid, a.wait_event_type, a.wait_event,
      left(${legibleTextSql({ text: "a.query", encoding: "d.encoding", here: "here" })}, 4000) as query
    from generate_series(1, ${samples}) as turn(n)
    cross join lateral (
      select turn.n + 0 * length(pg_stat_clear_snapshot()::text || pg_sleep(case when turn.n = 1 then 0 else $1::float8 end)::text) as n,
        clock_timestamp() as at
      offset 0) as look
    left join lateral (
      select * from pg_stat_get_activity(nullif(look.n, look.n)) as b
      where b.pid <> pg_backend_pid() and (
        (b.backend_type in ('client backend', 'parallel worker') and b.state in ('active', 'fastpath function call'))
        or (b.backend_type not in ('client backend', 'parallel worker', 'walsender')
          and b.wait_event_type is distinct from 'Activity' and b.wait_event_type is distinct from 'Extension'
          and b.backend_type not like '% launcher'))
    ) as a on true
    left join pg_database d on d.oid = a.datid cross join ${encodingHereSql} as here)
  select wait_event_type, wait_event, (select count(distinct n) from looks)::int as samples,
    (select extract(epoch from max(at) - min(at)) from looks)::float8 as window_seconds,
    count(pid)::int as observations, count(distinct pid)::int as distinct_sessions,
    mode() within group (order by query) as query
  from looks
  group by wait_event_type, wait_event
  order by observations desc, wait_event_type nulls first, wait_event`;

export const postgresWaitProfile = defineProbe({
  ...postgresWaitProfileRows,
  spec: ["P6"],
  title: "What are working sessions waiting for right now?",
  engines: ["postgres"],
  tier: "performance",
  cost: `${samples} passes over the sessions within probing.sampleSeconds, asleep in between; linear in the connections.`,
  needs: [pgMonitor],
  maxRows: 30,
  source: "https://www.postgresql.org/docs/current/monitoring-stats.html#WAIT-EVENT-TABLE",
  statements: ({ settings: { probing } }) => [
    sightStatement,
    // The statement must end well within the server-side limit, whatever sampleSeconds is.
    { sql, params: [Math.min(probing.sampleSeconds, probing.otherTimeoutMs / 4000) / (samples - 1)] },
  ],
  read: ([sight, looks], { settings }): WaitProfileRow[] => {
    requireSight(sight);
    const rows = z.array(answerSchema).parse(looks);
    const all = rows.reduce((sum, row) => sum + row.observations, 0);
    const shown = {
      dialect: "postgres",
      queryText: settings.probing.queryText,
      optOutComment: settings.policy.optOutComment,
    } as const;
    // An idle look has no session; its line is only worth showing when there is no other.
    const seen = rows.filter(({ observations }) => observations > 0 || rows.length === 1);
    return seen.map((row) => ({
      waitEventType: row.wait_event_type,
      waitEvent: row.wait_event,
      samples: row.samples,
      windowSeconds: row.window_seconds,
      observations: row.observations,
      averageSessions: row.observations / row.samples,
      percent: all === 0 ? 0 : (100 * row.observations) / all,
      distinctSessions: row.distinct_sessions,
      query: row.query ? shownQuery(row.query, shown) : null,
    }));
  },
});
