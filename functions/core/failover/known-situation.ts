import type { FailoverRun, Phase } from "../contract/failover.ts";
import type { Incident } from "../contract/incident.ts";
import type { IncidentStore } from "../ports.ts";
import type { Situation } from "./choose.ts";
import type { FailoverLock } from "./ports.ts";

const unknown: Situation = { cause: null, alarms: null, otherRun: null };
/** Later the cause changes nothing any more. */
const matters: readonly Phase[] = ["load", "lock", "choose", "check", "approve"];

/**
 * What an open incident of the group knows of the trouble, and whether another run has the group where this one takes no
 * lock. What cannot be read is not known, and holds nobody up.
 */
export async function knownSituation(
  run: FailoverRun,
  {
    incidents,
    lock,
  }: {
    readonly incidents: Pick<IncidentStore, "openIncidentOf" | "get">;
    readonly lock: Pick<FailoverLock, "holder">;
  },
): Promise<Situation> {
  const { group } = run;
  if (group === null || !matters.includes(run.phase)) return unknown;
  const [incident, holder] = await Promise.all([
    incidentOf(group, incidents).catch(() => null),
    run.input.dryRun ? lock.holder(group).catch(() => null) : null,
  ]);
  const otherRun = holder === null || holder.run === run.id ? null : holder.run;
  return incident === null ? { ...unknown, otherRun } : { ...situationOf(incident), otherRun };
}

async function incidentOf(
  group: string,
  incidents: Pick<IncidentStore, "openIncidentOf" | "get">,
): Promise<Incident | null> {
  const id = await incidents.openIncidentOf(group);
  return id === null ? null : incidents.get(id);
}

function situationOf({ diagnosis, alarms }: Incident): Omit<Situation, "otherRun"> {
  const [cause] = diagnosis?.rootCauses ?? [];
  const standing = alarms.filter((alarm) => alarm.standing).length;
  return {
    cause: cause === undefined ? null : { id: cause.id, category: cause.category },
    alarms: { standing, watching: alarms.length },
  };
}
