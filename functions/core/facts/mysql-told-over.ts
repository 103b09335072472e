import {
  mariadbReplicationRows,
  mysqlReplicationRows,
} from "../probes/mysql/replication/replication-rows.ts";
import { blockingOf } from "./blocking.ts";
import { fewerClients } from "./clients-away.ts";
import { metricFact } from "./metric-facts.ts";
import { worksAsEver } from "./outside-load.ts";
import { selfOf } from "./rds-facts.ts";
import { refusedSignIns } from "./refused-sign-ins.ts";
import type { ToldNow } from "./told.ts";
import type { View } from "./view.ts";

const lateSeconds = 180;
/** After a start clients come back one by one. */
const backSeconds = 10 * 60;
/** Nothing waits for so much. */
const roomBytes = 1024 ** 3;

/** What goes on is said again. */
export function isLate(_: View, { newestAgeSeconds }: ToldNow): boolean {
  return newestAgeSeconds > lateSeconds;
}

/** Who was refused tries no more, and nobody is missing. */
export function isNobodyMissing(view: View, told: ToldNow): boolean {
  return isLate(view, told) && fewerClients(view) === null;
}

/** An account that nobody uses is no fault: somebody is missing for long, or it was turned away itself. */
export function isUnused(view: View, { newestAgeSeconds, caught }: ToldNow): boolean {
  const isRefused = refusedSignIns(view)?.caught.some(({ text }) => caught?.includes(`'${text}'@`));
  return fewerClients(view) === null || (newestAgeSeconds < backSeconds && isRefused !== true);
}

/** A queue that lasts is told once; who is answered, or works as ever, waits in none. */
export function isAnswering(view: View, told: ToldNow): boolean {
  const { status, failedStep } = view.evidence.connection;
  const answers = status === "connected" || failedStep === "sign-in" || failedStep === "no-free-slot";
  return isLate(view, told) && (answers || worksAsEver(view));
}

export function isServing(view: View, told: ToldNow): boolean {
  const { status } = view.evidence.connection;
  return status === "connected" || (latest(view, "DatabaseConnections") > 0 && isLate(view, told));
}

export function hasRoom(view: View, told: ToldNow): boolean {
  return isLate(view, told) && latest(view, "FreeStorageSpace") >= roomBytes;
}

/** A reader is meant to refuse them. */
export function takesWrites(view: View): boolean {
  const self = selfOf(view);
  return view.server?.writable === true || (self !== null && self.role !== "writer");
}

/** Who looked at its replication, or counts its lag, is surer; no row is no replication. */
export function isReplicating(view: View, told: ToldNow): boolean {
  const seen = [mysqlReplicationRows, mariadbReplicationRows].some((rows) => view.rows(rows) !== null);
  return seen || (latest(view, "ReplicaLag") >= 0 && isLate(view, told));
}

/** Who could see them saw nobody wait. */
export function keepsNobodyWaiting(view: View): boolean {
  return view.evidence.connection.status === "connected" && blockingOf(view).blockers.length === 0;
}

/** -1: nobody measured. */
function latest(view: View, id: string): number {
  return metricFact(view, id)?.latest ?? -1;
}
