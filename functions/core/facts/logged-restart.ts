import { postgresDatabaseRatesWriterRows } from "../probes/postgres/database-rates-writer-rows.ts";
import {
  doubtedLogRecords,
  isSaid,
  type LogRecord,
  logRecords,
  recentLogHits,
  recentLogRecords,
} from "./log-lines.ts";
import { metricFact } from "./metric-facts.ts";
import { logCauses, type RestartCause, readyAgain } from "./restart-causes.ts";
import type { View } from "./view.ts";

/** What the engine wrote before it went. */
export interface LoggedCause {
  readonly cause: RestartCause;
  readonly line: string;
  readonly age: number;
  /** Seconds ago, of all within a day of what was kept of the log; what was written within a minute of one is the same. */
  readonly ages: readonly number[];
}

/** By lines that nobody doubts. */
export function logCause(view: View): LoggedCause | null {
  return causeIn(view, logRecords(view.evidence));
}

/** By lines that a client may have written, where they say anything else: no more than a hint. */
export function doubtedCause(view: View): LoggedCause | null {
  const found = causeIn(view, doubtedLogRecords(view.evidence));
  return found === null || found.cause.says === logCause(view)?.cause.says ? null : found;
}

const apartSeconds = 60;
const daySeconds = 86_400;

/** The first cause that the records tell, unless the engine has run since before it. */
function causeIn(view: View, records: readonly LogRecord[]): LoggedCause | null {
  const family = familyOf(view);
  for (const { [family]: words, cause, says } of logCauses) {
    const hits = words === null ? null : recentLogHits(view.evidence, words, records);
    if (words === null || hits === null || hasRunSince(view, hits.newestAgeSeconds)) continue;
    const now = Date.parse(view.evidence.collectedAt) / 1000;
    const at = records.filter((record) => isSaid(record, words)).map((record) => record.at);
    const ages = timesApart(at)
      .map((one) => now - one)
      .filter((age) => age <= daySeconds);
    return { cause: { ...cause, says }, line: hits.newest, age: hits.newestAgeSeconds, ages };
  }
  return null;
}

/** Oldest first; what is a minute or less behind one is told with it. */
function timesApart(times: readonly number[]): readonly number[] {
  const apart: number[] = [];
  for (const at of times.toSorted((a, b) => a - b))
    if (at - (apart.at(-1) ?? 0) >= apartSeconds) apart.push(at);
  return apart;
}

/** The clock of the server and that of the look differ, and a crash takes its time. */
const slackSeconds = 60;

/**
 * Whether the engine has run since before a line was written: then it did not crash there, whatever the line says. A
 * crash of PostgreSQL's sessions starts the checkpointer anew and leaves the postmaster.
 */
function hasRunSince(view: View, ageSeconds: number): boolean {
  return runSeconds(view).some((seconds) => seconds > ageSeconds + slackSeconds);
}

function runSeconds(view: View): readonly number[] {
  const since =
    view.evidence.target.engine === "postgres"
      ? view.rows(postgresDatabaseRatesWriterRows)?.[0]?.checkpointerSeconds
      : view.server?.uptimeSeconds;
  return since === null || since === undefined ? [] : [since];
}

/** A second witness: something of the engine was started since the line was written. */
export function hasBegunSince(view: View, ageSeconds: number): boolean {
  const uptime = view.server?.uptimeSeconds ?? metricFact(view, "EngineUptime")?.latest;
  return [...runSeconds(view), ...(uptime === undefined ? [] : [uptime])].some(
    (seconds) => seconds <= ageSeconds + slackSeconds,
  );
}

function familyOf({ evidence }: View): "postgres" | "mysql" {
  return evidence.target.engine === "postgres" ? "postgres" : "mysql";
}

/** Nobody gets in, and behind that line the log does not say that it is ready. */
export function isDownSince(view: View, line: string): boolean {
  if (view.evidence.connection.status !== "not-connected") return false;
  const records = recentLogRecords(view.evidence);
  const since = records.findLastIndex((record) => record.line === line);
  return !records.slice(since + 1).some((record) => isSaid(record, readyAgain[familyOf(view)]));
}
