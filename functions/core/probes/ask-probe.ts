import type { ProbeResult } from "../contract/evidence.ts";
import { messageOf, SqlError } from "../errors.ts";
import type { Clock, SqlRow, SqlSession, SqlStatement } from "../ports.ts";
import type { FollowStatement, Probe, ProbeContext, ProbeStatement } from "./define.ts";
import { askAlone, type SharedAnswers } from "./shared-answers.ts";

export type AnyProbe = Probe<string, unknown>;

type Answers = readonly (readonly SqlRow[])[];
export type Trouble = Pick<ProbeResult, "reason" | "howToSee"> & {
  readonly status: "skipped" | "failed" | "timeout";
};

export interface Reading {
  readonly probe: AnyProbe;
  answers: Answers;
  tookMs: number;
  statements: number;
  /** How often it has answered, and when it was last asked. */
  taken: number;
  askedAt: number;
  trouble: Trouble | null;
}

export interface Run {
  readonly session: SqlSession;
  readonly context: ProbeContext;
  readonly clock: Clock;
  readonly signal: AbortSignal | undefined;
  readonly shared: SharedAnswers;
  /** Set once nothing more can be asked. */
  stopped: Trouble | null;
}

export function newReading(probe: AnyProbe): Reading {
  return { probe, answers: [], tookMs: 0, statements: 0, taken: 0, askedAt: 0, trouble: null };
}

export function samplesOf({ probe }: Reading): number {
  return probe.samples ?? 1;
}

/** Adds one reading's answers, or says why there are none. */
export async function ask(reading: Reading, run: Run): Promise<void> {
  // A probe of several samples asks for itself: the time between them is its own. What follows may change the session.
  const way = samplesOf(reading) > 1 ? askAlone : run.shared;
  await send(reading, run, () => reading.probe.statements(run.context), way);
  reading.taken += 1;
}

/** Adds the answers to what the probe wants to know after its readings, if anything. */
export async function askFurther(reading: Reading, run: Run): Promise<void> {
  const { follow, followRounds = 1 } = reading.probe;
  if (!follow) return;
  for (let round = 0; round < followRounds && reading.trouble === null; round += 1) {
    const before = reading.statements;
    await send(reading, run, () => follow(reading.answers, run.context), askAlone);
    if (reading.statements === before) return;
  }
}

async function send(
  reading: Reading,
  run: Run,
  statements: () => readonly FollowStatement[],
  way: SharedAnswers,
): Promise<void> {
  if (run.signal?.aborted) run.stopped ??= deadlineStruck(run.signal.reason);
  if (run.stopped) {
    reading.trouble = run.stopped;
    return;
  }
  const started = run.clock.now();
  reading.askedAt = started;
  try {
    const ask = (statement: SqlStatement): Promise<readonly SqlRow[]> =>
      way(statement, () => {
        reading.statements += 1;
        return run.session.query(statement, run.signal);
      });
    for (const { mayFail, instead, ...statement } of statements()) {
      const answer = await answerTo(() => askOr(ask, statement, instead), run, mayFail);
      reading.answers = [...reading.answers, answer];
    }
  } catch (error) {
    reading.trouble = troubleOf(error, reading.probe, run.signal);
    if (run.signal?.aborted) run.stopped = deadlineStruck(error);
    else if (endsConnection(error)) run.stopped = connectionLost(error);
  }
  reading.tookMs += Math.max(0, run.clock.now() - started);
}

async function askOr(
  ask: (statement: SqlStatement) => Promise<readonly SqlRow[]>,
  statement: SqlStatement,
  instead: ProbeStatement["instead"],
): Promise<readonly SqlRow[]> {
  try {
    return await ask(statement);
  } catch (error) {
    if (!instead || !(error instanceof SqlError) || error.code !== instead.of) throw error;
    return await ask(instead.send);
  }
}

async function answerTo(ask: () => Promise<readonly SqlRow[]>, run: Run, mayFail = false) {
  try {
    return await ask();
  } catch (error) {
    if (!mayFail || run.signal?.aborted || endsConnection(error)) throw error;
    return [{ failed: messageOf(error) }];
  }
}

/** A driver that gave up on an answer has dropped the connection as well. */
function endsConnection(error: unknown): boolean {
  return error instanceof SqlError && (error.kind === "connection-lost" || error.code === "deadline");
}

export function troubleOf(error: unknown, probe: AnyProbe, signal: AbortSignal | undefined): Trouble {
  const reason = messageOf(error);
  if (signal?.aborted) return deadlineStruck(error);
  const kind = error instanceof SqlError ? error.kind : "other";
  if (kind === "permission" || kind === "missing-object") {
    return { status: "skipped", reason, howToSee: howToSee(probe, kind) };
  }
  return { status: kind === "timeout" ? "timeout" : "failed", reason, howToSee: null };
}

/** A refusal is mended by a grant, something that is not there by a setting or an extension. */
function howToSee({ needs }: AnyProbe, trouble: "permission" | "missing-object"): string | null {
  const apt = needs.filter(({ kind }) => (kind === "grant") === (trouble === "permission"));
  const named = apt.length === 0 ? needs : apt;
  return named.length === 0 ? null : named.map(({ enable }) => enable).join("; ");
}

export function deadlineStruck(error: unknown): Trouble {
  return {
    status: "timeout",
    reason: `the deadline of all probes struck: ${messageOf(error)}`,
    howToSee: null,
  };
}

function connectionLost(error: unknown): Trouble {
  return { status: "failed", reason: `the connection was lost: ${messageOf(error)}`, howToSee: null };
}
