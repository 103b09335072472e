import type { Signal } from "../contract/signal.ts";
import type { Target } from "../contract/target.ts";
import type { Settings } from "../settings.ts";
import { candidateRefs } from "../signals/database-refs.ts";
import { parseSignals } from "../signals/parse-signal.ts";
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
  const target = await resolve(signal, settings, deps);
  if (target === null) {
    const reason = await sayUnknown(signal, deps);
    return { kind: "no-database", signal: signal.id, reason };
  }
  return openOrAttach(signal, target, settings, deps);
}

async function resolve(signal: Signal, settings: Settings, deps: IntakeDeps): Promise<Target | null> {
  const children =
    signal.childAlarms.length > 0 || signal.databases.length > 0 ? signal.childAlarms : arnOf(signal);
  const childAlarms = children.length > 0 ? await deps.alarms.describe(children) : [];
  for (const ref of candidateRefs(signal, settings.alarms, childAlarms)) {
    const target = await deps.rds.find(ref);
    if (target !== null) return target;
  }
  return null;
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
    await deps.workflow.start(unknownName(signal), { schema: "unknown-database.v1", signal, reason });
  }
  return reason;
}

/** One message for one transition, however often it is delivered: an execution's name is taken once. */
function unknownName({ id }: Signal): string {
  return `unknown-${id.replaceAll(/[^0-9A-Za-z-]/g, "-").slice(-70)}`;
}
