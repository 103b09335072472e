import {
  mariadbReplicationRows,
  mysqlReplicationRows,
} from "../probes/mysql/replication/replication-rows.ts";
import { ownReplication } from "./replica-facts.ts";
import { replicasFromOutside } from "./replica-metrics.ts";
import { spaceOf } from "./storage-space.ts";
import type { View } from "./view.ts";

/** The receiver's own errors: then nothing comes in, and nothing is kept. */
const ofReceiver =
  /\b(?:1045|1130|1236|1593|1595|2002|2003|2005|2013|2026|13114|13117)\b|I\/O error|connecting to|access denied/i;

/**
 * A replica of MySQL or MariaDB whose applier stands at an error, while its source's log comes in: it keeps all of that
 * on its volume, which falls. False for the receiver's errors, where nothing falls, and for Aurora's one volume.
 * https://dev.mysql.com/doc/refman/8.4/en/replica-logs-relaylog.html
 */
export function keepsRelayLog(view: View): boolean {
  const { engine, flavour, name } = view.evidence.target;
  if (engine === "postgres" || flavour === "aurora" || spaceOf(view).left === null) return false;
  const channels = [...(view.rows(mysqlReplicationRows) ?? []), ...(view.rows(mariadbReplicationRows) ?? [])];
  if (channels.some(({ receiver }) => receiver !== "running")) return false;
  return [
    ...ownReplication(view),
    ...replicasFromOutside(view).filter(({ subject }) => subject === name),
  ].some(({ stop }) => stop?.error != null && !ofReceiver.test(stop.error));
}
