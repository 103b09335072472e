import type { Severity } from "../../contract/finding.ts";
import { freePageEvidence } from "../../facts/innodb-strain.ts";
import { ioPressure } from "../../facts/io-pressure.ts";
import { lastingFor, metricFact } from "../../facts/metric-facts.ts";
import { outsideWait } from "../../facts/outside-waits.ts";
import { fromOutside, percentText } from "../../facts/rds-facts.ts";
import { statementsOf } from "../../facts/statements.ts";
import type { View } from "../../facts/view.ts";
import { dominantStatement, waitShare } from "../../facts/workload.ts";
import { mysqlInnodbRatesRows } from "../../probes/mysql/innodb-rates-rows.ts";
import { postgresDatabaseRatesRows } from "../../probes/postgres/database-rates-rows.ts";
import { postgresTopStatementsRows } from "../../probes/postgres/top-statements/top-statements-rows.ts";
import { scaleInstanceClass } from "../../remedies/aws/class-remedies.ts";
import { duration } from "../../text/wording.ts";
import { defineRule } from "../define.ts";
import { tableCacheDrafts } from "./table-cache-draft.ts";

/** A ratio of few reads says nothing; a hundred pages a second is work for storage. */
const noticeableReads = 100;
/** Of all that is read: then the statement is to blame, and no cache is large enough for it. */
const onePercent = 60;
const waitingPercent = 30;

export const cacheTooSmall = defineRule({
  id: "cache-too-small",
  spec: ["D4", "P7", "P28"],
  category: "resources",
  title: "The cache does not hold what is read again and again",
  needs: ["postgres-database-rates", "mysql-innodb-rates", "mysql-wait-profile", "BufferCacheHitRatio"],
  evaluate: (view) => {
    const tables = tableCacheDrafts(view);
    const cache = cacheOf(view);
    if (cache === null || cache.hitPercent >= view.thresholds.cacheHitPercent) return tables;
    const reader = singleReader(view);
    const suffering = reader === null && readsHurt(view);
    const filling = stillFilling(view);
    const io = ioPressure(view);
    const severity: Severity = !suffering ? "P3" : io?.severity === "P1" ? "P1" : "P2";
    return [
      {
        subject: "",
        severity,
        confidence: fromOutside(view, suffering ? 0.7 : 0.5),
        summary: `Only ${percentText(cache.hitPercent)} of the pages wanted are in the cache${cache.readsPerSecond === null ? "" : `; ${Math.round(cache.readsPerSecond)} a second are read from outside it`}${reader === null ? (suffering ? ", and statements wait for them" : ", but nothing waits for them") : `; one statement reads most of them, a larger cache would not help: ${reader}`}${filling === null ? "" : `; ${filling}`}`,
        evidence: [{ source: cache.source, says: cache.says }, ...freePageEvidence(view)],
        explains: suffering
          ? [{ cause: "io-saturated", because: "pages that are not in the cache are read from storage" }]
          : [],
        actions: suffering && filling === null ? scaleInstanceClass(view) : [],
      },
      ...tables,
    ];
  },
});

interface Cache {
  readonly hitPercent: number;
  readonly readsPerSecond: number | null;
  readonly source: string;
  readonly says: string;
}

/** Null where nobody counted, or too little was read to tell. */
function cacheOf(view: View): Cache | null {
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
  return {
    hitPercent: ratio.latest,
    readsPerSecond: reads?.latest ?? null,
    source: ratio.id,
    says: `below ${view.thresholds.cacheHitPercent} % for ${low} min`,
  };
}

/** A cache is filled by what is read: after a restart that takes a while, and a change of class is a restart. */
const youngSeconds = 1800;
const roomPercent = 20;

/** Why the ratio says nothing of the cache's size yet; null when it does. */
function stillFilling(view: View): string | null {
  const pool = view.rows(mysqlInnodbRatesRows)?.[0];
  const uptime =
    view.server?.uptimeSeconds ?? pool?.uptimeSeconds ?? metricFact(view, "EngineUptime")?.latest;
  if (uptime !== undefined && uptime < youngSeconds)
    return `it is warming up: the server has been up for ${duration(uptime)}, and a larger one would begin with an empty cache again`;
  const free = pool?.bufferPool.freePercent ?? 0;
  return free > roomPercent
    ? `${percentText(free)} of the buffer pool are free, so that a larger one would not help`
    : null;
}

function singleReader(view: View): string | null {
  const rows = view.rows(postgresTopStatementsRows);
  if (rows === null) {
    // MySQL counts no pages by statement; who takes most of the time while pages are missing reads them.
    const seen = statementsOf(view) !== null || outsideWait(view, readsPages) !== null;
    const first = seen ? dominantStatement(view) : null;
    return first !== null && first.percent >= onePercent ? first.query : null;
  }
  const all = rows.reduce((sum, { now }) => sum + now.blocksReadPerSecond, 0);
  const heaviest = rows.find(({ now }) => now.blocksReadPerSecond * 100 >= onePercent * all);
  return all < noticeableReads || heaviest === undefined ? null : (heaviest.query ?? "its text is not known");
}

/** PostgreSQL's reads, InnoDB's own count of them, the files of its tables. */
const readsPages = /Read|page read|innodb_data_file/;

/** A page read from the system's cache costs microseconds; only what waits for storage suffers. */
function readsHurt(view: View): boolean {
  const waiting = waitShare(view, ({ kind, name }) => kind === "io" && readsPages.test(name));
  const outside = view.sessions === null && outsideWait(view, readsPages) !== null;
  const many = waiting !== null && waiting.percent >= waitingPercent && waiting.averageSessions >= 2;
  const pressure = ioPressure(view);
  return many || outside || (pressure !== null && pressure.severity !== "P3");
}
