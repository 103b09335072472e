import { analyzeTable } from "./database/analyze-table.ts";
import { cancelQuery } from "./database/cancel-query.ts";
import { createIndex } from "./database/create-index.ts";
import { dropIndex } from "./database/drop-index.ts";
import { endIdleSessions } from "./database/end-idle-sessions.ts";
import { endSessions } from "./database/end-sessions.ts";
import { finishPrepared } from "./database/finish-prepared.ts";
import { hideIndex } from "./database/hide-index.ts";
import { pauseCronJob } from "./database/pause-cron-job.ts";
import { pauseJob } from "./database/pause-job.ts";
import { refreshMatview } from "./database/refresh-matview.ts";
import { reindexIndex } from "./database/reindex-index.ts";
import { resetStatistics } from "./database/reset-statistics.ts";
import { setTimeoutAction } from "./database/set-timeout.ts";
import { terminateSession } from "./database/terminate-session.ts";
import { tryIndex } from "./database/try-index.ts";
import { vacuumTable } from "./database/vacuum-table.ts";

/** Everything the responder can do to a database, least harm first. */
export const databaseActions = [
  cancelQuery,
  terminateSession,
  analyzeTable,
  vacuumTable,
  reindexIndex,
  createIndex,
  tryIndex,
  setTimeoutAction,
  dropIndex,
  hideIndex,
  refreshMatview,
  endIdleSessions,
  endSessions,
  finishPrepared,
  resetStatistics,
  pauseJob,
  pauseCronJob,
] as const;
