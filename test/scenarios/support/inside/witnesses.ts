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

/** Counters, states and settings that PostgreSQL shows from inside. */
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
