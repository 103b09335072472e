import * as z from "zod";
import type { Connection, ProbeReport, ProbeResult, Tier } from "../contract/evidence.ts";
import type { Target } from "../contract/target.ts";
import { messageOf } from "../errors.ts";
import type { Clock, Databases, SqlSession } from "../ports.ts";
import type { Settings } from "../settings.ts";
import {
  type AnyProbe,
  ask,
  askFurther,
  newReading,
  type Reading,
  type Run,
  samplesOf,
  troubleOf,
} from "./ask-probe.ts";
import type { ProbeContext } from "./define.ts";
import { fitWithin } from "./fit-within.ts";
import { furtherReadings, readingsDue } from "./further-readings.ts";
import { sharedAnswers } from "./shared-answers.ts";

export type { AnyProbe } from "./ask-probe.ts";

/** Leaves room for the rest of a state machine's 256 KiB. */
const defaultMaxBytes = 150 * 1024;
const jsonRows = z.array(z.json());

/**
 * Asks every probe that fits this engine and version, in order on the one connection. Each ends with a result of its
 * own; when the connection is lost or the signal strikes, the rest say so, and what was answered before is kept.
 */
export async function runProbes(
  session: SqlSession,
  probes: readonly AnyProbe[],
  context: ProbeContext,
  clock: Clock,
  signal?: AbortSignal,
): Promise<ProbeResult[]> {
  const run: Run = { session, context, clock, signal, shared: sharedAnswers(), stopped: null };
  const fitting = probes.filter((probe) => fits(probe, context));
  const first = await answersTo(
    fitting.filter(({ standsInFor, last }) => standsInFor === undefined && !last),
    run,
  );
  const silent = new Set(first.filter(({ status }) => status !== "ok").map(({ id }) => id));
  const standIns = fitting.filter(({ standsInFor = [] }) => standsInFor.some((id) => silent.has(id)));
  const others = run.stopped ? first : [...first, ...(await answersTo(standIns, run))];
  const last = fitting.filter((probe) => probe.last);
  return [...others, ...(await answersTo(last, run))];
}

async function answersTo(probes: readonly AnyProbe[], run: Run): Promise<ProbeResult[]> {
  const { clock } = run;
  const readings: Reading[] = [];
  let sampledAt = clock.now();
  for (const probe of probes) {
    await readingsDue(readings, run);
    const reading = newReading(probe);
    readings.push(reading);
    await ask(reading, run);
    if (samplesOf(reading) > 1) sampledAt = clock.now();
    else await askFurther(reading, run);
  }
  await furtherReadings(readings, run, sampledAt);
  return readings.map((reading) => resultOf(reading, run.context));
}

/** Tells somebody who waits what is being asked. */
export type Progress = (tier: Tier) => void;

export interface CollectOptions {
  readonly maxBytes?: number;
  readonly progress?: Progress;
}

/**
 * Connects, asks every probe of the tiers in their order on the one connection, hangs up. `immediate` has to be
 * through within settings.probing.deadlineMs; each further tier adds twice a statement's longest time. Never throws:
 * what failed is in the report.
 */
export async function collectProbeReport(
  databases: Databases,
  target: Target,
  settings: Settings,
  probes: readonly AnyProbe[],
  tiers: Tier | readonly Tier[],
  clock: Clock,
  signal?: AbortSignal,
  { maxBytes = defaultMaxBytes, progress }: CollectOptions = {},
): Promise<ProbeReport> {
  const collectedAt = new Date(clock.now()).toISOString();
  const report = (connection: Connection, results: ProbeResult[]): ProbeReport =>
    fitWithin({ schema: "probe-report.v1", target, collectedAt, connection, probes: results }, maxBytes);
  const { probing } = settings;
  const wanted = typeof tiers === "string" ? [tiers] : tiers;
  const deeper = wanted.filter((tier) => tier !== "immediate").length;
  const deadline = AbortSignal.timeout(probing.deadlineMs + deeper * 2 * probing.otherTimeoutMs);
  const until = signal ? AbortSignal.any([signal, deadline]) : deadline;
  const options = {
    purpose: "probe",
    connectTimeoutMs: probing.connectTimeoutMs,
    statementTimeoutMs: timeoutOf(wanted[0] ?? "immediate", settings),
    lockTimeoutMs: probing.lockTimeoutMs,
  } as const;
  const started = clock.now();
  try {
    const result = await databases.connect(target, options, until);
    if (result.kind === "not-connected") return report(result.connection, []);
    const { session, connection } = result;
    const context = { target, server: session.server, settings };
    const results: ProbeResult[] = [];
    try {
      for (const [index, tier] of wanted.entries()) {
        progress?.(tier);
        if (index > 0) await limited(session, timeoutOf(tier, settings));
        const asked = probes.filter((probe) => probe.tier === tier && !probe.last);
        results.push(...(await runProbes(session, asked, context, clock, until)));
      }
      // Given up, it takes the connection with it: nothing deeper is lost for it.
      const last = probes.filter((probe) => probe.last && wanted.includes(probe.tier));
      if (last.length > 0 && wanted.length > 1) await limited(session, probing.immediateTimeoutMs);
      results.push(...(await runProbes(session, last, context, clock, until)));
      return report(connection, results);
    } finally {
      await hangUp(session);
    }
  } catch (error) {
    return report(unexpected(error, clock.now() - started), []);
  }
}

function timeoutOf(tier: Tier, { probing }: Settings): number {
  return tier === "immediate" ? probing.immediateTimeoutMs : probing.otherTimeoutMs;
}

/** A connection that was lost meanwhile is reported by the probes themselves. */
async function limited(session: SqlSession, statementTimeoutMs: number): Promise<void> {
  try {
    await session.limit(statementTimeoutMs);
  } catch {
    // The next statement says it.
  }
}

/** The answers are in: a connection that cannot be closed properly is the server's to end. */
async function hangUp(session: SqlSession): Promise<void> {
  try {
    await session.close();
  } catch {
    // Nothing depends on it, and the report must not be lost for it.
  }
}

function unexpected(error: unknown, tookMs: number): Connection {
  // Nothing is known about the database: a fault of the responder's own must not read as an outage of the other.
  return {
    status: "not-tried",
    failedStep: null,
    detail: `the responder itself failed while asking: ${messageOf(error)}`,
    pointsTo: null,
    tookMs: Math.max(0, tookMs),
  };
}

function fits({ engines, versions }: AnyProbe, { server }: ProbeContext): boolean {
  const { from = Number.NEGATIVE_INFINITY, to = Number.POSITIVE_INFINITY } = versions ?? {};
  return engines.includes(server.engine) && server.major >= from && server.major <= to;
}

function resultOf(reading: Reading, context: ProbeContext): ProbeResult {
  const { probe, tookMs, statements } = reading;
  const head = { id: probe.id, spec: [...probe.spec], tier: probe.tier, tookMs, statements };
  const none = { rows: [], rowCount: 0, truncated: false };
  if (reading.trouble) return { ...head, ...none, ...reading.trouble };
  try {
    const found = probe.read(reading.answers, context);
    const rows = jsonRows.parse(z.array(probe.row).parse(found.slice(0, probe.maxRows)));
    const truncated = found.length > rows.length;
    return { ...head, status: "ok", reason: null, howToSee: null, rows, rowCount: found.length, truncated };
  } catch (error) {
    return { ...head, ...none, ...troubleOf(error, probe, undefined) };
  }
}
