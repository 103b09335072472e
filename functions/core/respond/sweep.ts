import type { Custody } from "../contract/custody.ts";
import type { Incident } from "../contract/incident.ts";
import { messageOf, ResponderError } from "../errors.ts";
import { takenUp as takenUpBy } from "../incident/custody.ts";
import { type Deps, isoNow } from "./deps.ts";
import { lookAtWaysBack } from "./ways-back.ts";

export type SweepDeps = Pick<Deps, "incidents" | "settings" | "workflow" | "clock" | "log">;

export interface SweepResult {
  readonly open: number;
  /** Incidents that got a new execution. */
  readonly takenUp: readonly string[];
  /** Incidents whose group was freed, because no execution of theirs lives long enough to look. */
  readonly released: readonly string[];
  /** Orders whose way back is looked at; absent: none. */
  readonly waysBack?: readonly string[];
}

/** One that died at once would die at once again: the next try waits for the next sweep. */
const youngMs = 60_000;
/** So many executions in a row without a single look, and the last one is started only to say so. */
const mostBarren = 3;

/**
 * Every open incident without a living execution is taken up by a new one under a new name, or given up. None of it
 * depends on settings, a channel or a readable incident. Throws at the end when one of them could not be seen to, so
 * that it is tried again.
 */
export async function sweep(deps: SweepDeps): Promise<SweepResult> {
  const custodies = await deps.incidents.custodies();
  const takenUp: string[] = [];
  const released: string[] = [];
  const failures: string[] = [];
  for (const custody of custodies) {
    try {
      const done = await seeTo(custody, deps);
      if (done === "taken-up") takenUp.push(custody.incidentId);
      if (done === "released") released.push(custody.incidentId);
    } catch (error) {
      deps.log.error("sweep.failed", { incidentId: custody.incidentId, reason: messageOf(error) });
      failures.push(custody.incidentId);
    }
  }
  const waysBack = await lookAtWaysBack(deps);
  // Read here because nobody else reads them while all is well: what is good is kept for the night in which the newest
  // are not, and what is not raises the alarm while its writer is still there.
  await deps.settings.read();
  if (failures.length > 0) throw new ResponderError(`not seen to: ${failures.join(", ")}`);
  return { open: custodies.length, takenUp, released, ...(waysBack.length === 0 ? {} : { waysBack }) };
}

async function seeTo(custody: Custody, deps: SweepDeps): Promise<"left" | "taken-up" | "released"> {
  const { incidentId, execution } = custody;
  const state = await deps.workflow.stateOf(execution);
  const incident = state === "running" ? null : await readable(incidentId, deps);
  if (state === "running") return "left";
  if (state === "unknown") {
    // Whoever opened the incident, or handed it on, died before starting what it had named.
    await deps.workflow.start(execution, inputOf(incidentId, incident));
    return "taken-up";
  }
  if (deps.clock.now() - Date.parse(custody.since) < youngMs) return "left";
  const next = takenUpBy(custody, incident?.cycle ?? custody.fromCycle, isoNow(deps.clock));
  if (next.barren > mostBarren) {
    deps.log.error("incident.released", { incidentId, executions: custody.executions });
    deps.log.metric("IncidentsReleased", 1, "Count");
    await deps.incidents.release({ id: incidentId, group: custody.group });
    return "released";
  }
  if (!(await deps.incidents.handOver(custody, next))) return "left";
  deps.log.warn("incident.taken-up", {
    incidentId,
    from: execution,
    to: next.execution,
    barren: next.barren,
  });
  deps.log.metric("IncidentsTakenUp", 1, "Count");
  const input = next.barren === mostBarren ? lastWords(incidentId) : inputOf(incidentId, incident);
  await deps.workflow.start(next.execution, input);
  return "taken-up";
}

/** An incident that cannot be read is taken up all the same: what ails it may pass. */
async function readable(incidentId: string, deps: SweepDeps): Promise<Incident | null> {
  try {
    return await deps.incidents.get(incidentId);
  } catch (error) {
    deps.log.error("incident.unreadable", { incidentId, reason: messageOf(error) });
    return null;
  }
}

function inputOf(incidentId: string, incident: Incident | null) {
  const engine = incident?.target.engine;
  return { schema: "respond.v1", incidentId, ...(engine === undefined ? {} : { engine }) };
}

function lastWords(incidentId: string) {
  const Cause = `${mostBarren} executions in a row ended without a single look`;
  return { schema: "give-up.v1", incidentId, error: { Error: "NoExecutionLives", Cause } };
}
