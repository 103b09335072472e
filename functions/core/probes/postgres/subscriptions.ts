import * as z from "zod";
import { defineProbe } from "../define.ts";
import { postgresSubscriptionsRows, type SubscriptionRow } from "./subscriptions-rows.ts";

/**
 * A standby runs no workers. Leader workers have no relid; parallel appliers (16) have a leader_pid. All columns of
 * pg_subscription but subconninfo may be read by everybody; pg_subscription_rel is each database's own.
 */
function sqlOf(major: number): string {
  const since15 = (sql: string, type: string): string => (major >= 15 ? sql : `null::${type}`);
  const leader = major >= 16 ? "and w.leader_pid is null" : "";
  return `
  select s.subname as name, d.datname as database, s.subenabled as enabled,
    ${since15("s.subdisableonerr", "boolean")} as "disablesOnError", s.subslotname is not null as "hasSlot",
    w.pid is not null as running,
    extract(epoch from clock_timestamp() - a.backend_start)::float8 as "workerSeconds",
    extract(epoch from clock_timestamp() - w.last_msg_receipt_time)::float8 as "silentSeconds",
    ${since15("e.apply_error_count", "int")}::int as "applyErrors", ${since15("e.sync_error_count", "int")}::int as "copyErrors",
    case when d.datname = current_database() then r.tables end as tables,
    case when d.datname = current_database() then r.not_ready end as "tablesNotReady"
  from pg_subscription s join pg_database d on d.oid = s.subdbid
    left join pg_stat_subscription w on w.subid = s.oid and w.relid is null and w.pid is not null ${leader}
    left join pg_stat_activity a on a.pid = w.pid
    ${major >= 15 ? "left join pg_stat_subscription_stats e on e.subid = s.oid" : ""}
    cross join lateral (select count(*)::int as tables, count(*) filter (where srsubstate <> 'r')::int as not_ready
      from pg_subscription_rel where srsubid = s.oid) r
  where not pg_is_in_recovery()
  order by s.subname limit 20`;
}

export const postgresSubscriptions = defineProbe({
  ...postgresSubscriptionsRows,
  spec: ["P12"],
  title: "Do the subscriptions of this server apply what their publishers send?",
  engines: ["postgres"],
  tier: "performance",
  cost: "One row for each subscription and its tables; there are few.",
  needs: [],
  maxRows: 20,
  source: "https://www.postgresql.org/docs/current/monitoring-stats.html#MONITORING-PG-STAT-SUBSCRIPTION",
  statements: ({ server }) => [{ sql: sqlOf(server.major) }],
  read: ([rows]): SubscriptionRow[] => z.array(postgresSubscriptionsRows.row).parse(rows ?? []),
});
