import * as z from "zod";
import { defineProbe } from "../define.ts";
import { type OwnLimitRow, postgresOwnLimitsRows } from "./own-limits-rows.ts";

/** Superusers are let in beyond both; datconnlimit is -2 for a database that is being dropped. */
const sql = `
  with client as (select usesysid, datid from pg_stat_activity where backend_type = 'client backend'),
  own as (
    select 'role' as of, rolname as name, rolconnlimit as "limit",
      (select count(*)::int from client where usesysid = pg_roles.oid) as used
    from pg_roles where rolconnlimit >= 0 and rolcanlogin and not rolsuper
    union all
    select 'database', datname, datconnlimit, (select count(*)::int from client where datid = pg_database.oid)
    from pg_database where datconnlimit >= 0)
  select of, name, used, "limit" from own where used > 0 order by used - "limit" desc, of, name limit 10`;

export const postgresOwnLimits = defineProbe({
  ...postgresOwnLimitsRows,
  spec: ["P2"],
  title: "Has a role or a database all the connections that it may have?",
  engines: ["postgres"],
  tier: "performance",
  cost: "One pass over pg_stat_activity for each role and database with a limit of its own; there are few.",
  needs: [],
  maxRows: 10,
  source: "https://www.postgresql.org/docs/current/view-pg-roles.html",
  statements: () => [{ sql }],
  read: ([rows]): OwnLimitRow[] => z.array(postgresOwnLimitsRows.row).parse(rows ?? []),
});
