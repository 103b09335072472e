import * as z from "zod";
import { defineProbe } from "../define.ts";
import { type OwnLimitRow, postgresOwnLimitsRows } from "./own-limits-rows.ts";
import { pgMonitor, requireSight, sightStatement } from "./sight.ts";

/**
 * Superusers are let in beyond both; datconnlimit is -2 for a database that is being dropped. Where nobody has a limit of
 * its own, as nearly everywhere, the sessions are not looked at.
 */
const sql = `
  with limited as materialized (
    select 'role' as of, oid, rolname::text as name, rolconnlimit as "limit" from pg_roles
    where rolconnlimit >= 0 and rolcanlogin and not rolsuper
    union all
    select 'database', oid, datname::text, datconnlimit from pg_database where datconnlimit >= 0),
  client as materialized (
    select usesysid, datid from pg_stat_get_activity(case when exists (select from limited) then null else 0 end)
    where backend_type = 'client backend'),
  taken as (
    select 'role' as of, usesysid as oid, count(*)::int as used from client group by 2
    union all
    select 'database', datid, count(*)::int from client group by 2)
  select of, name, coalesce(used, 0) as used, "limit" from limited left join taken using (of, oid)
  order by used - "limit" desc, of, name limit 10`;

export const postgresOwnLimits = defineProbe({
  ...postgresOwnLimitsRows,
  spec: ["P2"],
  title: "Has a role or a database all the connections that it may have?",
  engines: ["postgres"],
  tier: "immediate",
  cost: "One pass over pg_roles and pg_database, and one over the sessions where any of them has a limit of its own.",
  needs: [pgMonitor],
  maxRows: 10,
  source: "https://www.postgresql.org/docs/current/view-pg-roles.html",
  statements: () => [sightStatement, { sql }],
  read: ([sight, rows]): OwnLimitRow[] => {
    requireSight(sight);
    return z.array(postgresOwnLimitsRows.row).parse(rows ?? []);
  },
});
