import type { Incident } from "../contract/incident.ts";
import type { Signal } from "../contract/signal.ts";
import type { Target } from "../contract/target.ts";
import { ConflictError, messageOf } from "../errors.ts";
import { groupOf, newIncident } from "../incident/open-incident.ts";
import type { Settings } from "../settings.ts";
import { candidateRefs } from "../signals/database-refs.ts";
import { parseSignals } from "../signals/parse-signal.ts";
import { type Deps, isoNow } from "./deps.ts";
import { reduceContext } from "./reduce-context.ts";
import { updateIncident } from "./update-incident.ts";

export type IntakeDeps = Pick<
  Deps,
  | "incidents"
  | "settings"
  | "rds"
  | "alarms"
  | "workflow"
  | "deadLetters"
  | "clock"
  | "random"
  | "ids"
  | "log"
>;

export type IntakeAnswer =
  | {
      readonly kind: "opened" | "attached" | "repeated";
      readonly incidentId: string;
      readonly signal: string;
    }
  | {
      readonly kind: "no-database" | "muted" | "recovered";
      readonly signal: string;
      readonly reason: string;
    };

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

async function openOrAttach(
  signal: Signal,
  target: Target,
  settings: Settings,
  deps: IntakeDeps,
): Promise<IntakeAnswer> {
  // An incident may end in the moment in which a signal is attached to it: then the signal opens the next one.
  for (let attempt = 1; attempt <= tries; attempt += 1) {
    const answer = await tryOpenOrAttach(signal, target, settings, deps);
    if (answer !== "ended") return answer;
  }
  throw new ConflictError(`group ${groupOf(target)}: one incident after the other ended`);
}

const tries = 5;

async function tryOpenOrAttach(
  signal: Signal,
  target: Target,
  settings: Settings,
  deps: IntakeDeps,
): Promise<IntakeAnswer | "ended"> {
  const group = groupOf(target);
  const open = await deps.incidents.openIncidentOf(group);
  if (open !== null) return attach(open, group, { signal, target }, settings, deps);
  if (signal.state !== "ALARM") {
    return { kind: "recovered", signal: signal.id, reason: `${signal.state}, and no incident is open` };
  }
  const incident = newIncident(`inc-${deps.ids.next()}`, target, signal, isoNow(deps.clock));
  const opened = await deps.incidents.open(incident);
  if (opened.kind === "exists") {
    return attach(opened.incidentId, group, { signal, target }, settings, deps);
  }
  await apply(incident.id, { signal, target }, settings, deps);
  await startExecution(incident.id, incident, deps);
  deps.log.metric("IncidentsOpened", 1, "Count");
  return { kind: "opened", incidentId: incident.id, signal: signal.id };
}

interface Resolved {
  readonly signal: Signal;
  readonly target: Target;
}

async function apply(
  incidentId: string,
  { signal, target }: Resolved,
  settings: Settings,
  deps: IntakeDeps,
): Promise<boolean> {
  const fresh = await deps.incidents.recordSignal(incidentId, signal.id);
  const at = isoNow(deps.clock);
  await updateIncident(
    deps,
    incidentId,
    () => [{ kind: "signal", at, signal, databases: [target] }],
    reduceContext(settings),
  );
  return fresh;
}

async function attach(
  incidentId: string,
  group: string,
  resolved: Resolved,
  settings: Settings,
  deps: IntakeDeps,
): Promise<IntakeAnswer | "ended"> {
  const { signal } = resolved;
  const fresh = await apply(incidentId, resolved, settings, deps);
  if ((await deps.incidents.openIncidentOf(group)) !== incidentId) return "ended";
  await revive(incidentId, signal, settings, deps);
  return { kind: fresh ? "attached" : "repeated", incidentId, signal: signal.id };
}

/**
 * The first delivery may have died between taking the group's lock and starting the execution; starting it again
 * by the same name is harmless. An incident that nothing has touched for longer than the longest wait of the
 * machine has lost its execution: a new one takes over.
 */
async function revive(
  incidentId: string,
  signal: Signal,
  settings: Settings,
  deps: IntakeDeps,
): Promise<void> {
  const incident = await deps.incidents.get(incidentId);
  if (incident === null) return;
  const longestWait = Math.max(settings.policy.approvalSeconds, settings.watch.checkSeconds * 15) + 300;
  const silentSeconds = (deps.clock.now() - Date.parse(incident.updatedAt)) / 1000;
  if (incident.cycle === 0) {
    await startExecution(incidentId, incident, deps);
  } else if (silentSeconds > longestWait) {
    deps.log.warn("incident.revived", { incidentId, silentSeconds, by: signal.name });
    await startExecution(`${incidentId}-${incident.revision}`, incident, deps);
  }
}

/** The engine is only a hint, for whom to wake up; what is looked at is read from the incident. */
async function startExecution(name: string, { id, target }: Incident, deps: IntakeDeps): Promise<void> {
  try {
    await deps.workflow.start(name, { schema: "respond.v1", incidentId: id, engine: target.engine });
  } catch (error) {
    deps.log.error("workflow.not-started", { incidentId: id, reason: messageOf(error) });
    throw error;
  }
}
