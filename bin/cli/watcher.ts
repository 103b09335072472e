import type { Connection, Evidence, ProbeResult, Tier } from "../../functions/core/contract/evidence.ts";
import type { Diagnosis } from "../../functions/core/contract/finding.ts";
import type { Target } from "../../functions/core/contract/target.ts";
import { diagnose } from "../../functions/core/diagnosis/diagnose.ts";
import type { Clock, Databases, SqlSession } from "../../functions/core/ports.ts";
import { probes } from "../../functions/core/probes/index.ts";
import { runProbes } from "../../functions/core/probes/run-probes.ts";
import type { Settings } from "../../functions/core/settings.ts";
import { evidenceOf } from "./present.ts";

export interface Look {
  readonly round: number;
  readonly at: string;
  readonly evidence: Evidence;
  readonly diagnosis: Diagnosis;
  readonly tookMs: number;
  /** What the database needed for its answers: without the pause between two readings of a rate. */
  readonly databaseMs: number;
  readonly settings: Settings;
}

export interface Watcher {
  /** Null when it was interrupted meanwhile. Never throws for what the database does. */
  look(signal: AbortSignal): Promise<Look | null>;
  /** Waits for the next round; longer when the last one was slow, so that a sick database is not asked more. */
  rest(everyMs: number, databaseMs: number, signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

const deepEvery = 6;
/** The database works for the watcher a sixth of the time at most: answers of 2 s are followed by 10 s of rest. */
const restPerWork = 5;
const longestRestMs = 60_000;

/** Keeps one connection open over all rounds, and opens another one when it is lost. */
export function createWatcher(
  databases: Databases,
  target: Target,
  settings: Settings,
  clock: Clock,
): Watcher {
  let open: { session: SqlSession; connection: Connection } | null = null;
  let round = 0;
  /** Of the last deeper round, kept until the next one: findings must not come and go with the rounds. */
  let deep: readonly ProbeResult[] = [];

  const connect = async (signal: AbortSignal): Promise<Connection> => {
    if (open !== null) return open.connection;
    const { connectTimeoutMs, immediateTimeoutMs: statementTimeoutMs, lockTimeoutMs } = settings.probing;
    const options = { purpose: "probe", connectTimeoutMs, statementTimeoutMs, lockTimeoutMs } as const;
    const result = await databases.connect(target, options, signal);
    if (result.kind === "connected") open = result;
    return result.connection;
  };

  const hangUp = async (): Promise<void> => {
    const closing = open?.session;
    open = null;
    await closing?.close().catch(() => undefined);
  };

  const ask = async (tier: Tier, until: AbortSignal): Promise<readonly ProbeResult[]> => {
    if (open === null) return [];
    const { session } = open;
    const { immediateTimeoutMs, otherTimeoutMs } = settings.probing;
    await session.limit(tier === "immediate" ? immediateTimeoutMs : otherTimeoutMs).catch(() => undefined);
    const asked = probes.filter((probe) => probe.tier === tier);
    return runProbes(session, asked, { target, server: session.server, settings }, clock, until);
  };

  return {
    look: async (signal) => {
      const started = clock.now();
      const { deadlineMs, otherTimeoutMs } = settings.probing;
      const goDeeper = round % deepEvery === 0;
      round += 1;
      const limit = deadlineMs + (goDeeper ? 2 * otherTimeoutMs : 0);
      const until = AbortSignal.any([signal, AbortSignal.timeout(limit)]);
      const connection = await connect(until);
      const now = await ask("immediate", until);
      const lost = now.length > 0 && now.every(({ status }) => status !== "ok");
      const deeper = goDeeper && !lost ? await ask("performance", until) : [];
      if (deeper.length > 0) deep = deeper;
      if (signal.aborted) return null;
      const tookMs = clock.now() - started;
      const databaseMs = [...now, ...deeper].reduce((sum, probe) => sum + probe.tookMs, 0);
      // Its session is gone or hangs: what is asked of it next time would only hang as well.
      if (lost) await hangUp();
      const results = now.length === 0 ? [] : [...now, ...deep];
      const collectedAt = new Date(started).toISOString();
      const evidence = evidenceOf({ target, collectedAt, connection, probes: results }, settings);
      const diagnosis = diagnose(evidence, settings);
      return { round, at: evidence.collectedAt, evidence, diagnosis, tookMs, databaseMs, settings };
    },
    rest: (everyMs, databaseMs, signal) => {
      const ms = Math.max(everyMs, Math.min(longestRestMs, databaseMs * restPerWork));
      return clock.sleep(ms, signal).catch(() => undefined);
    },
    close: hangUp,
  };
}
