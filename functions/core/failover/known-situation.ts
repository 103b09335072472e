import type { FailoverRun, Phase } from "../contract/failover.ts";
import type { Incident } from "../contract/incident.ts";
import { messageOf } from "../errors.ts";
import type { IncidentStore, KillSwitch } from "../ports.ts";
import type { Situation } from "./choose.ts";
import { isGivenUp } from "./given-up.ts";
import type { FailoverLock, RunStore } from "./ports.ts";

const unknown: Situation = { cause: null, alarms: null, otherRun: null };
/** Later the cause changes nothing any more. */
const matters: readonly Phase[] = ["load", "lock", "choose", "check", "approve"];

/** From these nothing is sent that a kill switch stops. */
const harmless: readonly Phase[] = ["compensate", "announce", "release", "ended"];

export interface SituationDeps {
  readonly incidents: Pick<IncidentStore, "openIncidentOf" | "get">;
  readonly lock: Pick<FailoverLock, "holder">;
  readonly runs: Pick<RunStore, "get">;
  readonly killSwitch?: KillSwitch;
}

/**
 * What an open incident of the group knows of the trouble, and whether another run has the group where this one takes no
 * lock. What cannot be read is not known, and holds nobody up.
 */
export async function knownSituation(run: FailoverRun, deps: SituationDeps): Promise<Situation> {
  const [known, killSwitch] = await Promise.all([troubleOf(run, deps), switchOf(run, deps)]);
  return killSwitch === null ? known : { ...known, killSwitch };
}

async function troubleOf(run: FailoverRun, { incidents, lock, runs }: SituationDeps): Promise<Situation> {
  const { group } = run;
  if (group === null || !matters.includes(run.phase)) return unknown;
  const [incident, otherRun] = await Promise.all([
    incidentOf(group, incidents).catch(() => null),
    run.input.dryRun ? otherOf(run, group, lock, runs) : null,
  ]);
  return incident === null ? { ...unknown, otherRun } : { ...situationOf(incident), otherRun };
}

/** Whom a run that takes the lock would be held by; what one left behind that has ended, that one frees. */
async function otherOf(
  { id }: FailoverRun,
  group: string,
  lock: SituationDeps["lock"],
  runs: SituationDeps["runs"],
): Promise<string | null> {
  const holder = await lock.holder(group).catch(() => null);
  if (holder === null || holder.run === id) return null;
  const by = await runs.get(holder.run).catch(() => null);
  const left = by?.phase === "ended" && !by.keepsLock && !isGivenUp(by);
  return left ? null : holder.run;
}

async function switchOf(
  { input, phase }: FailoverRun,
  { killSwitch }: SituationDeps,
): Promise<NonNullable<Situation["killSwitch"]> | null> {
  if (killSwitch === undefined || input.dryRun || harmless.includes(phase)) return null;
  try {
    return await killSwitch.read();
  } catch (error) {
    return { engaged: null, says: messageOf(error) };
  }
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
