import { mysqlInnodbRatesRows } from "../probes/mysql/innodb-rates-rows.ts";
import { postgresDatabaseRatesRows } from "../probes/postgres/database-rates-rows.ts";
import { postgresDatabaseRatesWriterRows } from "../probes/postgres/database-rates-writer-rows.ts";
import { postgresTopStatementsRows } from "../probes/postgres/top-statements/top-statements-rows.ts";
import { lasted } from "../text/wording.ts";
import { runsServerless } from "./database-kind.ts";
import { dumpReads } from "./dump-reads.ts";
import { farFromUsual } from "./far-from-usual.ts";
import { loadShares, totalLoad } from "./insights.ts";
import { ioPressure } from "./io-pressure.ts";
import { loadProfile } from "./load-profile.ts";
import { lastingFor, metricFact } from "./metric-facts.ts";
import { percentText } from "./rds-facts.ts";
import { statementsOf } from "./statements.ts";
import type { View } from "./view.ts";
import { outsideWait } from "./wait-load.ts";
import { waitNames } from "./wait-names.ts";
import { dominantStatement, waitShare } from "./workload.ts";

/** A ratio of few reads says nothing; a hundred pages a second is work for storage. */
const noticeableReads = 100;
/** Of all that is read: then the statement is to blame, and no cache is large enough for it. */
const onePercent = 60;
const waitingPercent = 30;

export interface Cache {
  readonly hitPercent: number;
  readonly readsPerSecond: number | null;
  readonly source: string;
  readonly says: string;
}

/** Null where nobody counted, or too little was read to tell. */
export function cacheOf(view: View): Cache | null {
  return postgresCache(view) ?? innodbCache(view) ?? auroraCache(view);
}

function postgresCache(view: View): Cache | null {
  const rows = (view.rows(postgresDatabaseRatesRows) ?? []).filter(
    ({ intervalSeconds }) => intervalSeconds > 0,
  );
  const hit = rows.reduce((sum, { blocksHit }) => sum + (blocksHit ?? 0), 0);
  const read = rows.reduce((sum, { blocksRead }) => sum + (blocksRead ?? 0), 0);
  const seconds = Math.max(0, ...rows.map(({ intervalSeconds }) => intervalSeconds));
  if (seconds === 0 || read / seconds < noticeableReads) return null;
  return {
    hitPercent: (100 * hit) / (hit + read),
    readsPerSecond: read / seconds,
    source: postgresDatabaseRatesRows.id,
    // Outside shared_buffers is not yet storage: the system's own cache may have them.
    says: `${read} blocks came from outside shared_buffers and ${hit} from it in ${Math.round(seconds * 10) / 10} s`,
  };
}

function innodbCache(view: View): Cache | null {
  const row = view.rows(mysqlInnodbRatesRows)?.[0];
  const pool = row?.bufferPool;
  if (pool === undefined || pool.hitPercent === null || (pool.diskReadsPerSecond ?? 0) < noticeableReads)
    return null;
  return {
    hitPercent: pool.hitPercent,
    readsPerSecond: pool.diskReadsPerSecond,
    source: mysqlInnodbRatesRows.id,
    says: `of ${Math.round(pool.readRequestsPerSecond ?? 0)} page requests a second; ${percentText(pool.freePercent ?? 0)} of the buffer pool are free`,
  };
}

/** https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Aurora.AuroraMonitoring.Metrics.html */
function auroraCache(view: View): Cache | null {
  const ratio = metricFact(view, "BufferCacheHitRatio");
  const low = lastingFor(view, ratio, (value) => value < view.thresholds.cacheHitPercent);
  const reads = metricFact(view, "ReadIOPS");
  if (ratio === null || low === null || (reads !== null && reads.latest < noticeableReads)) return null;
  if (dumpReads(view)) return null;
  return {
    hitPercent: ratio.latest,
    readsPerSecond: reads?.latest ?? null,
    source: ratio.id,
    says: `below ${view.thresholds.cacheHitPercent} % for ${lasted(low)}`,
  };
}

/** A cache is filled by what is read: after a restart that takes a while, and a change of class is a restart. */
const youngSeconds = 1800;

/**
 * For how long the cache has been filled, while that is not long; null when it is, or could not be seen. A crash of
 * PostgreSQL leaves the server's own start as it was, and restarts the checkpointer.
 */
export function youngCache(view: View): number | null {
  if (isReadThrough(view)) return null;
  const pool = view.rows(mysqlInnodbRatesRows)?.[0];
  const up = view.server?.uptimeSeconds ?? pool?.uptimeSeconds ?? metricFact(view, "EngineUptime")?.latest;
  const since = view.rows(postgresDatabaseRatesWriterRows)?.[0]?.checkpointerSeconds ?? null;
  const seconds = Math.min(up ?? Number.POSITIVE_INFINITY, since ?? Number.POSITIVE_INFINITY);
  return seconds < youngSeconds ? seconds : null;
}

/** So full that what is read takes the place of something. */
const fullPercent = 10;
const innodbPageBytes = 16_384;
/** What is read once passes through; what is wanted again has had many turns to stay. */
const timesOver = 30;

/** A pool that is full, and since its start has had time to be read anew many times over at this pace, is warm. */
function isReadThrough(view: View): boolean {
  const row = view.rows(mysqlInnodbRatesRows)?.[0];
  const { bytes = null, freePercent = null, diskReadsPerSecond = null } = row?.bufferPool ?? {};
  if (row === undefined || bytes === null || freePercent === null || freePercent > fullPercent) return false;
  return (diskReadsPerSecond ?? 0) * innodbPageBytes * row.uptimeSeconds >= timesOver * bytes;
}

/** The pool, where more memory is free than it has: a parameter keeps it small, and would on a larger class. */
export function poolKeptSmall(view: View): { readonly bytes: number; readonly freeBytes: number } | null {
  const bytes = view.rows(mysqlInnodbRatesRows)?.[0]?.bufferPool.bytes ?? null;
  const free = metricFact(view, "FreeableMemory");
  if (bytes === null || free === null || Math.min(free.latest, free.lowest) <= bytes) return null;
  return { bytes, freeBytes: free.latest };
}

/** Of pages a call: that is a lookup by a key, of one row or a few, and a larger cache holds what it wants. */
const lookupPages = 10;

export function singleReader(view: View): string | null {
  const rows = view.rows(postgresTopStatementsRows);
  if (rows === null) {
    // MySQL counts no pages by statement; who takes most of the time while pages are missing reads them.
    const seen = statementsOf(view) !== null || outsideWait(view, readsPages) !== null;
    const first = seen ? dominantStatement(view) : null;
    return first !== null && first.percent >= onePercent && !looksUp(view) ? first.query : null;
  }
  const all = rows.reduce((sum, { now }) => sum + now.blocksReadPerSecond, 0);
  const heaviest = rows.find(({ now }) => now.blocksReadPerSecond * 100 >= onePercent * all);
  if (all < noticeableReads || heaviest === undefined) return null;
  const { blocksReadPerSecond, callsPerSecond } = heaviest.now;
  if (blocksReadPerSecond <= lookupPages * callsPerSecond) return null;
  return heaviest.query ?? "its text is not known";
}

/** By all pages that are read for the calls of the statement that takes most of the time. */
function looksUp(view: View): boolean {
  const reads = view.rows(mysqlInnodbRatesRows)?.[0]?.bufferPool.diskReadsPerSecond ?? null;
  const [first] = (statementsOf(view) ?? []).toSorted((a, b) => b.now.percentOfTime - a.now.percentOfTime);
  if (reads === null || first === undefined || first.now.percentOfTime < onePercent) return false;
  return first.now.callsPerSecond > 0 && reads <= lookupPages * first.now.callsPerSecond;
}

/** PostgreSQL's reads, InnoDB's own count of them, the files of its tables. */
const readsPages = waitNames.page;

/** A page read from the system's cache costs microseconds; only what waits for storage suffers. */
export function readsHurt(view: View): boolean {
  const waiting = waitShare(view, ({ kind, name }) => kind === "io" && readsPages.test(name));
  const many = waiting !== null && waiting.percent >= waitingPercent && waiting.averageSessions >= 2;
  const outside = outsideWait(view, readsPages);
  // MariaDB's threads do not tell that they read; Performance Insights does.
  const blurred = view.sessions === null || (loadProfile(view)?.blur ?? null) !== null;
  const told = blurred && outside !== null && (view.sessions === null || !outside.asEver);
  const pressure = ioPressure(view);
  return many || told || (pressure !== null && pressure.severity !== "P3");
}

/** Far more reads and waits than as a rule, where no class tells how many waits are a crowd. */
export function readsAnew(view: View): boolean {
  const far = farFromUsual(view).map(({ id }) => id);
  const both = ["ReadIOPS", "DBLoadNonCPU"].every((id) => far.includes(id));
  const others = loadShares(view, "wait-event").filter(
    ({ name }) => !waitNames.cpu.test(name) && !readsPages.test(name) && !waitNames.work.test(name),
  );
  return both && runsServerless(view) && totalLoad(others) < 2;
}
