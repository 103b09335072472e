import { type MysqlWaitProfileRow, mysqlWaitProfileRows } from "../probes/mysql/wait-profile-rows.ts";
import { postgresWaitProfileRows, type WaitProfileRow } from "../probes/postgres/wait-profile-rows.ts";
import type { View } from "./view.ts";
import { waitNames } from "./wait-names.ts";

/** What working sessions were seen at, over about a second; the same for every engine. */
export interface LoadProfile {
  readonly source: string;
  readonly waits: readonly Wait[];
  /** The server's own count of running statements; null where there is none. */
  readonly threadsRunning: number | null;
  /** What this profile cannot tell apart; null when it tells all. */
  readonly blur: string | null;
}

export interface Wait {
  /** `work`: CPU or a latch, which the engine does not tell. `replica`: the confirmation of a commit. */
  readonly kind: MysqlWaitProfileRow["waits"][number]["kind"];
  /** As the engine calls it; "on CPU". */
  readonly name: string;
  /** It waits for storage, and storage alone. */
  readonly storage: boolean;
  readonly observations: number;
  readonly averageSessions: number;
  readonly percent: number;
  /** How long the statements had run when they were seen; null where that was not asked. */
  readonly meanSeconds: number | null;
}

/** Null when nobody looked. */
export function loadProfile(view: View): LoadProfile | null {
  const mysql = view.rows(mysqlWaitProfileRows)?.[0];
  if (mysql !== undefined) return fromMysql(mysql);
  const rows = view.rows(postgresWaitProfileRows);
  if (rows === null) return null;
  const waits = rows.filter(({ observations }) => observations > 0).map(fromPostgres);
  return { source: postgresWaitProfileRows.id, waits, threadsRunning: null, blur: null };
}

function fromMysql({ waits, toldBy, notSeen, threadsRunning }: MysqlWaitProfileRow): LoadProfile {
  return {
    source: mysqlWaitProfileRows.id,
    waits: waits.map((wait) => ({ ...wait, kind: mysqlKind(wait), storage: wait.kind === "io" })),
    threadsRunning,
    blur:
      toldBy === "wait-events"
        ? null
        : `told by the states of threads and InnoDB's counts of waits for rows and pages, latches are not told from CPU: ${notSeen ?? ""}`,
  };
}

/** At a mutex, too, and by its state, one queues for the log and for rows. */
function mysqlKind({ kind, name }: Pick<Wait, "kind" | "name">): Wait["kind"] {
  if (kind !== "latch" && kind !== "work" && kind !== "other") return kind;
  if (waitNames.log.test(name)) return "log";
  return waitNames.replica.test(name) ? "replica" : waitNames.row.test(name) ? "lock" : kind;
}

/** Latches that are kept while somebody else reads the page, or writes the log. */
const behindAnother = /^(?:buffer_?IO|WALWrite(?:Lock)?)$/i;

function fromPostgres(row: WaitProfileRow): Wait {
  const { waitEventType, waitEvent, observations, averageSessions, percent } = row;
  return {
    kind: postgresKind(row),
    name: waitEventType === null ? "on CPU" : `${waitEventType}:${waitEvent ?? "?"}`,
    storage: (waitEventType === "IO" && waitEvent !== ioWorkers) || behindAnother.test(waitEvent ?? ""),
    observations,
    averageSessions,
    percent,
    meanSeconds: null,
  };
}

/**
 * From 18 on a read that an I/O worker does is waited for as AioIoCompletion, whether storage or the few workers
 * (io_workers) are slow, or the page was in the system's cache all along.
 * https://www.postgresql.org/docs/18/monitoring-stats.html#WAIT-EVENT-IO-TABLE
 */
const ioWorkers = "AioIoCompletion";

/** https://www.postgresql.org/docs/current/monitoring-stats.html#WAIT-EVENT-TABLE */
const postgresKinds: Readonly<Record<string, Wait["kind"]>> = {
  Lock: "lock",
  LWLock: "latch",
  Client: "client",
};

function postgresKind({ waitEventType, waitEvent }: WaitProfileRow): Wait["kind"] {
  if (waitEventType === null) return "cpu";
  if (waitEvent === "SyncRep") return "replica";
  if (waitEventType === "IO" && waitEvent !== ioWorkers)
    return /^(Wal|WAL|XactSync)/.test(waitEvent ?? "") ? "log" : "io";
  return postgresKinds[waitEventType] ?? "other";
}
