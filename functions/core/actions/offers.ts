import { addReaderOffer } from "./aws/add-reader.ts";
import { callWebhookOffer } from "./aws/call-webhook.ts";
import { changeParameterOffer } from "./aws/change-parameter.ts";
import { enableSlowQueryLogOffer } from "./aws/enable-slow-query-log.ts";
import { growStorageOffer } from "./aws/grow-storage.ts";
import { ownParameterGroupOffer } from "./aws/own-parameter-group.ts";
import { pauseScheduleOffer } from "./aws/pause-schedule.ts";
import { rebootInstanceOffer } from "./aws/reboot-instance.ts";
import { removeReaderOffer } from "./aws/remove-reader.ts";
import { restoreCopyOffer } from "./aws/restore-copy.ts";
import { scaleInstanceClassOffer } from "./aws/scale-instance-class.ts";
import { scaleServerlessCapacityOffer } from "./aws/scale-serverless-capacity.ts";
import { sizeProxyPoolOffer } from "./aws/size-proxy-pool.ts";
import { startFailoverOffer } from "./aws/start-failover.ts";
import { takeSnapshotOffer } from "./aws/take-snapshot.ts";
import { tuneStorageOffer } from "./aws/tune-storage.ts";
import { useParameterGroupOffer } from "./aws/use-parameter-group.ts";
import { analyzeTableOffer } from "./database/analyze-table.ts";
import { cancelQueryOffer } from "./database/cancel-query.ts";
import { createIndexOffer } from "./database/create-index.ts";
import { dropIndexOffer } from "./database/drop-index.ts";
import { endIdleSessionsOffer } from "./database/end-idle-sessions.ts";
import { endSessionsOffer } from "./database/end-sessions.ts";
import { finishPreparedOffer } from "./database/finish-prepared.ts";
import { hideIndexOffer } from "./database/hide-index.ts";
import { pauseCronJobOffer } from "./database/pause-cron-job.ts";
import { pauseJobOffer } from "./database/pause-job.ts";
import { refreshMatviewOffer } from "./database/refresh-matview.ts";
import { reindexIndexOffer } from "./database/reindex-index.ts";
import { resetStatisticsOffer } from "./database/reset-statistics.ts";
import { setTimeoutOffer } from "./database/set-timeout.ts";
import { terminateSessionOffer } from "./database/terminate-session.ts";
import { tryIndexOffer } from "./database/try-index.ts";
import { vacuumTableOffer } from "./database/vacuum-table.ts";

/** What can be proposed of databaseActions, in their order. */
export const databaseOffers = [
  cancelQueryOffer,
  terminateSessionOffer,
  analyzeTableOffer,
  vacuumTableOffer,
  reindexIndexOffer,
  createIndexOffer,
  tryIndexOffer,
  setTimeoutOffer,
  dropIndexOffer,
  hideIndexOffer,
  refreshMatviewOffer,
  endIdleSessionsOffer,
  endSessionsOffer,
  finishPreparedOffer,
  resetStatisticsOffer,
  pauseJobOffer,
  pauseCronJobOffer,
] as const;

/** What can be proposed of awsActions, in their order. */
export const awsOffers = [
  takeSnapshotOffer,
  restoreCopyOffer,
  callWebhookOffer,
  pauseScheduleOffer,
  changeParameterOffer,
  ownParameterGroupOffer,
  useParameterGroupOffer,
  enableSlowQueryLogOffer,
  sizeProxyPoolOffer,
  addReaderOffer,
  tuneStorageOffer,
  growStorageOffer,
  scaleServerlessCapacityOffer,
  rebootInstanceOffer,
  removeReaderOffer,
  scaleInstanceClassOffer,
  startFailoverOffer,
] as const;
