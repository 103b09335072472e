import type { DatabaseRef, Signal } from "../contract/signal.ts";
import type { Target } from "../contract/target.ts";
import type { Settings } from "../settings.ts";
import { candidateRefs } from "../signals/database-refs.ts";
import { parseSignals } from "../signals/parse-signal.ts";
import { notOurs } from "./not-ours.ts";
import { type IntakeAnswer, type IntakeDeps, openOrAttach } from "./open-or-attach.ts";

export interface IntakeResult {
  readonly answers: readonly IntakeAnswer[];
  readonly rejected: number;
}

/**
 * Turns one event into incidents. Nothing is lost: what cannot be understood goes to the dead-letter queue with
 * its reason, and an error of a store is thrown so that the sender delivers again.
 */
export async function takeIn(event: unknown, deps: IntakeDeps): Promise<IntakeResult> {
  const { signals, rejected } = parseSignals(event);
  for (const rejection of rejected) {
    await deps.deadLetters.send(rejection);
    deps.log.warn("signal.rejected", {
      code: rejection.code,
      reason: rejection.reason,
      field: rejection.field,
    });
    deps.log.metric("SignalsRejected", 1, "Count", { code: rejection.code });
  }
  const answers: IntakeAnswer[] = [];
  for (const signal of signals) {
    const answer = await takeInSignal(signal, deps);
    deps.log.info("signal.taken", { ...answer });
    deps.log.metric("SignalsTaken", 1, "Count", { result: answer.kind });
    answers.push(answer);
  }
  return { answers, rejected: rejected.length };
}

async function takeInSignal(signal: Signal, deps: IntakeDeps): Promise<IntakeAnswer> {
  if (signal.mutedBecause !== null) return { kind: "muted", signal: signal.id, reason: signal.mutedBecause };
  const settings = await deps.settings.read();
  const { target, refs } = await resolve(signal, settings, deps);
  if (target === null) {
    const foreign = await notOurs(signal, refs, deps.rds);
    if (foreign !== null) return { kind: "not-ours", signal: signal.id, reason: foreign };
    const reason = await sayUnknown(signal, deps);
    return { kind: "no-database", signal: signal.id, reason };
  }
  return openOrAttach(signal, target, settings, deps);
}

/** The database, and everything that RDS was asked for. */
async function resolve(
  signal: Signal,
  settings: Settings,
  deps: IntakeDeps,
): Promise<{ target: Target | null; refs: readonly DatabaseRef[] }> {
  const children =
    signal.childAlarms.length > 0 || signal.databases.length > 0 ? signal.childAlarms : arnOf(signal);
  const childAlarms = children.length > 0 ? await deps.alarms.describe(children) : [];
  const refs = candidateRefs(signal, settings.alarms, childAlarms);
  for (const ref of refs) {
    const target = await deps.rds.find(ref);
    if (target !== null) return { target, refs };
  }
  return { target: null, refs };
}

/** An alarm that names no database itself may have tags that do, or be a composite one told without its children. */
function arnOf(signal: Signal): readonly string[] {
  return signal.arn === null ? [] : [signal.arn];
}

/** Kept as a dead letter, and handed to the machine: what reads alarms needs no channel, and the channel may be down. */
async function sayUnknown(signal: Signal, deps: IntakeDeps): Promise<string> {
  const named = signal.databases.map((ref) => ref.id).join(", ");
  const reason =
    named === ""
      ? "neither its dimensions, nor its tags, nor the configuration name a database"
      : `RDS knows no MySQL, MariaDB or PostgreSQL database by the name ${named}`;
  await deps.deadLetters.send({
    code: "not-a-database-alarm",
    reason: `alarm ${signal.name}: ${reason}`,
    field: null,
    raw: signal,
  });
  if (signal.state === "ALARM") {
    await deps.workflow.start(await unknownName(signal), { schema: "unknown-database.v1", signal, reason });
  }
  return reason;
}

/**
 * One message for one transition, however often it is delivered: an execution's name is taken once, for 90 days. It has
 * at most 80 characters, and an alarm's name alone up to 255: only a hash tells all transitions apart. What stands
 * before it is for whoever reads the list of executions.
 * https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html
 */
async function unknownName({ id, name }: Signal): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(id)));
  const hash = Array.from(digest.subarray(0, 20), (byte) => byte.toString(16).padStart(2, "0")).join("");
  const readable = name.replaceAll(/[^0-9A-Za-z]+/g, "-").slice(0, 30);
  return `unknown-${readable}-${hash}`;
}
