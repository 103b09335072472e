import { activityCounters1 } from "./activity-counters-1.ts";
import { activityCounters2 } from "./activity-counters-2.ts";
import { activityCounters3 } from "./activity-counters-3.ts";
import { catalogCounters1 } from "./catalog-counters-1.ts";
import { catalogCounters2 } from "./catalog-counters-2.ts";
import { catalogCounters3 } from "./catalog-counters-3.ts";
import { catalogCounters4 } from "./catalog-counters-4.ts";
import { replicationCounters1 } from "./replication-counters-1.ts";
import { replicationCounters2 } from "./replication-counters-2.ts";
import { replicationCounters3 } from "./replication-counters-3.ts";
import { settingRows1 } from "./setting-rows-1.ts";
import { settingRows2 } from "./setting-rows-2.ts";
import { settingRows3 } from "./setting-rows-3.ts";
import { tableCounters1 } from "./table-counters-1.ts";
import { tableCounters2 } from "./table-counters-2.ts";
import { tableCounters3 } from "./table-counters-3.ts";
import type { Witness } from "./witness.ts";

/**
 * Counters, states and settings that PostgreSQL shows from inside. Known and not told: fsync and full_page_writes off,
 * pg_stat_statements.track none. Read by no probe: pg_stat_archiver (failed_count), pg_stat_database.sessions_abandoned,
 * sessions_fatal, sessions_killed and idle_in_transaction_time, pg_stat_progress_copy, n_tup_hot_upd, n_ins_since_vacuum,
 * pg_database.datallowconn of who is refused, pg_roles.rolvaliduntil, pg_event_trigger, pg_publication,
 * pg_replication_slots.conflicting (16), synchronous_standby_names.
 */
export const witnesses: readonly Witness[] = [
  ...activityCounters1,
  ...activityCounters2,
  ...activityCounters3,
  ...replicationCounters1,
  ...replicationCounters2,
  ...replicationCounters3,
  ...tableCounters1,
  ...tableCounters2,
  ...tableCounters3,
  ...catalogCounters1,
  ...catalogCounters2,
  ...catalogCounters3,
  ...catalogCounters4,
  ...settingRows1,
  ...settingRows2,
  ...settingRows3,
];
