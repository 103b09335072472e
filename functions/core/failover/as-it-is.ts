import type { FailoverRun } from "../contract/failover.ts";
import { type FailoverTopology, nodeOf } from "../contract/failover-topology.ts";
import { hasItsName, oldNode } from "./old-node.ts";
import { fenceMayStand, noted } from "./turn.ts";

/** Read under the lock: before it, another run may have made another node the primary. */
export function asItIs(before: FailoverRun, topology: FailoverTopology): FailoverRun {
  const { names, primary, quarantineGroup } = topology;
  if (primary === null && fenceMayStand(before)) return { ...before, names };
  const run = withoutStranger(before, topology);
  const old = nodeOf(topology, primary);
  const groups = old?.securityGroups ?? null;
  // The wall, of this run or of an earlier one, is nothing to go back to, nor what is there while it comes or goes.
  const kept = groups?.join() === quarantineGroup || (fenceMayStand(run) && run.groupsBefore !== null);
  const groupsBefore = kept ? run.groupsBefore : groups;
  return { ...run, names, oldPrimary: primary, oldResource: old?.resourceId ?? null, groupsBefore };
}

/** Whom a redriven run had fenced and who is not the primary any more stays fenced, and is not this run's to open. */
function withoutStranger(run: FailoverRun, topology: FailoverTopology): FailoverRun {
  const renamed = hasItsName(run, topology);
  const same = !renamed && oldNode(run, topology)?.id === topology.primary;
  if (!fenceMayStand(run) || same) return run;
  const who = renamed ? `What had the name ${run.oldPrimary} (${run.oldResource})` : run.oldPrimary;
  const says = `${who} was fenced by this run and is not the primary any more: it is left as it is.`;
  return noted({ ...run, sent: {}, groupsBefore: null }, says);
}
