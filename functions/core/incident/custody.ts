import type { Custody } from "../contract/custody.ts";
import type { Incident } from "../contract/incident.ts";

/** The first execution of an incident is named like it. */
export function firstCustody({ id, group, openedAt, cycle }: Incident): Custody {
  return {
    schema: "custody.v1",
    group,
    incidentId: id,
    execution: id,
    executions: 1,
    since: openedAt,
    fromCycle: cycle,
    barren: 0,
  };
}

/** Of one that was closed: under a number that none of its executions had, each of which has written more than once. */
export function reopenedCustody(incident: Incident, at: string): Custody {
  const executions = incident.revision + 1;
  return { ...firstCustody(incident), execution: `${incident.id}-${executions}`, executions, since: at };
}

/** The next execution takes the incident over, which has been looked at `cycle` times by now. */
export function nextCustody(before: Custody, cycle: number, at: string): Custody {
  const executions = before.executions + 1;
  return {
    ...before,
    execution: `${before.incidentId}-${executions}`,
    executions,
    since: at,
    fromCycle: cycle,
    barren: cycle > before.fromCycle ? 0 : before.barren + 1,
    takenUp: false,
  };
}

/** The same where the one before it died. */
export function takenUp(before: Custody, cycle: number, at: string): Custody {
  return { ...nextCustody(before, cycle, at), takenUp: true };
}

/** An execution that somebody started by hand under a name of their own takes the incident over. */
export function takenBy(execution: string, before: Custody, cycle: number, at: string): Custody {
  return { ...takenUp(before, cycle, at), execution };
}

/** True for a name that this incident has given to an execution: it does not take back what it has lost. */
export function isSuccession(execution: string, { incidentId, executions }: Custody): boolean {
  if (execution === incidentId) return true;
  const [, number = ""] = execution.match(new RegExp(`^${incidentId}-(\\d+)$`)) ?? [];
  return execution === `${incidentId}-${number}` && Number(number) <= executions;
}

/**
 * Looks that one execution takes. Its history is limited to 25,000 events, and running into that limit is an end that
 * no state can catch: even rounds whose every state fails as often as it may fit in (test/infra/event-budget.test.ts).
 * https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
 */
export const looksOfAnExecution = 40;

export function isSpent({ fromCycle }: Custody, cycle: number): boolean {
  return cycle - fromCycle >= looksOfAnExecution;
}
