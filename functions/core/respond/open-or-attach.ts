import type { Incident, NextStep } from "../contract/incident.ts";
import type { Signal } from "../contract/signal.ts";
import type { Target } from "../contract/target.ts";
import { ConflictError, messageOf } from "../errors.ts";
import { groupOf, newIncident } from "../incident/open-incident.ts";
import type { Settings } from "../settings.ts";
import { type Deps, isoNow } from "./deps.ts";
import { reduceContext } from "./reduce-context.ts";
import { updateIncident } from "./update-incident.ts";

export type OpenDeps = Pick<Deps, "incidents" | "workflow" | "clock" | "random" | "ids" | "log">;
export type IntakeDeps = OpenDeps & Pick<Deps, "settings" | "rds" | "alarms" | "deadLetters">;

export type IntakeAnswer =
  | {
      readonly kind: "opened" | "attached" | "repeated";
      readonly incidentId: string;
      readonly signal: string;
    }
  | {
      readonly kind: "no-database" | "not-ours" | "muted" | "recovered";
      readonly signal: string;
      readonly reason: string;
    };

/** One open incident a group (SPEC S11). */
export async function openOrAttach(
  signal: Signal,
  target: Target,
  settings: Settings,
  deps: OpenDeps,
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
  deps: OpenDeps,
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
  deps: OpenDeps,
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
  deps: OpenDeps,
): Promise<IntakeAnswer | "ended"> {
  const { signal } = resolved;
  const fresh = await apply(incidentId, resolved, settings, deps);
  if ((await deps.incidents.openIncidentOf(group)) !== incidentId) return "ended";
  await revive(incidentId, signal, settings, deps);
  await wake(incidentId, signal, deps);
  return { kind: fresh ? "attached" : "repeated", incidentId, signal: signal.id };
}

/** A machine that rests for minutes looks at once; one that does not rest is about to look anyway. */
async function wake(incidentId: string, { name, kind }: Signal, deps: OpenDeps): Promise<void> {
  const taskToken = await deps.incidents.getRest(incidentId);
  if (taskToken === null) return;
  const step: NextStep = {
    kind: "watch",
    seconds: 1,
    why: kind === "alarm" ? `alarm ${name} came` : `${name} came`,
  };
  const woken = await deps.workflow.succeed(taskToken, step);
  if (woken === "accepted") deps.log.info("incident.woken", { incidentId, by: name });
}

/**
 * The first delivery may have died between taking the group's lock and starting the execution; starting it again
 * by the same name is harmless. An incident that nothing has touched for longer than the longest wait of the
 * machine has lost its execution: a new one takes over.
 */
async function revive(incidentId: string, signal: Signal, settings: Settings, deps: OpenDeps): Promise<void> {
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
async function startExecution(name: string, { id, target }: Incident, deps: OpenDeps): Promise<void> {
  try {
    await deps.workflow.start(name, { schema: "respond.v1", incidentId: id, engine: target.engine });
  } catch (error) {
    deps.log.error("workflow.not-started", { incidentId: id, reason: messageOf(error) });
    throw error;
  }
}
