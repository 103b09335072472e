import { addReader } from "./aws/add-reader.ts";
import { callWebhook } from "./aws/call-webhook.ts";
import { changeParameter } from "./aws/change-parameter.ts";
import { enableSlowQueryLog } from "./aws/enable-slow-query-log.ts";
import { growStorage } from "./aws/grow-storage.ts";
import { ownParameterGroup } from "./aws/own-parameter-group.ts";
import { pauseSchedule } from "./aws/pause-schedule.ts";
import { rebootInstance } from "./aws/reboot-instance.ts";
import { removeReader } from "./aws/remove-reader.ts";
import { restoreCopy } from "./aws/restore-copy.ts";
import { scaleInstanceClass } from "./aws/scale-instance-class.ts";
import { scaleServerlessCapacity } from "./aws/scale-serverless-capacity.ts";
import { sizeProxyPool } from "./aws/size-proxy-pool.ts";
import { startFailover } from "./aws/start-failover.ts";
import { takeSnapshot } from "./aws/take-snapshot.ts";
import { tuneStorage } from "./aws/tune-storage.ts";
import { useParameterGroup } from "./aws/use-parameter-group.ts";

/** Everything the responder can do on AWS, least harm first. Apart from databaseActions: another function does it. */
export const awsActions = [
  takeSnapshot,
  restoreCopy,
  callWebhook,
  pauseSchedule,
  changeParameter,
  ownParameterGroup,
  useParameterGroup,
  enableSlowQueryLog,
  sizeProxyPool,
  addReader,
  tuneStorage,
  growStorage,
  scaleServerlessCapacity,
  rebootInstance,
  removeReader,
  scaleInstanceClass,
  startFailover,
] as const;
