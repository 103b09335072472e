import type { FailoverRun, Phase } from "../contract/failover.ts";
import { type FailoverTopology, isElsewhere, nodeOf } from "../contract/failover-topology.ts";
import { describeCommand, named, pointCommand, unwallCommand } from "./commands.ts";
import { fenceStatements, unfenceStatements } from "./fence-statements.ts";
import { needsFence } from "./methods.ts";
import { replicaName } from "./replica-name.ts";

export interface PlanStep {
  readonly phase: Phase;
  readonly says: string;
  /** Exactly what is sent, in that order. */
  readonly calls: readonly string[];
}

/** Every step in its order with the calls and statements that it makes; what a dry run prints. */
export function planSteps(run: FailoverRun, topology: FailoverTopology): readonly PlanStep[] {
  const own = needsFence(run.method) ? ofPromotion(run, topology) : [];
  const to = run.candidate ?? "the new writer";
  const steps: readonly (PlanStep | null)[] = [
    step("load", "look at the group", [describeCommand(run.oldPrimary ?? run.input.database)]),
    step("lock", `one lock for ${topology.group}, until the end`, []),
    step("choose", `${run.method ?? "no method"}${run.candidate === null ? "" : ` to ${run.candidate}`}`, []),
    step("check", "every veto, and again after the approval", []),
    step("approve", run.approved ? "agreed to by whoever started it" : "a person approves", []),
    ...own,
    step("execute", "the call that moves the writer", [executeText(run, topology)]),
    step("wait", "until RDS has finished", []),
    step(
      "prove-writable",
      needsFence(run.method)
        ? `what it has of the fence is taken off ${to}, and it takes a write`
        : `${to} takes a write`,
      needsFence(run.method) ? unfenceStatements(topology.engine) : [],
    ),
    ...(needsFence(run.method)
      ? [
          step(
            "repoint",
            "move the names",
            run.names.map((n) => pointCommand(n, to)),
          ),
        ]
      : []),
    step("prove-name", "each name, through itself, after its TTL", []),
    needsFence(run.method) ? step("rebuild", `a replica of ${to}`, [rebuildText(to)]) : null,
    step("announce", "times, loss, and what is left to do", []),
  ];
  return steps.filter((one) => one !== null);
}

function step(phase: Phase, says: string, calls: readonly string[]): PlanStep {
  return { phase, says: `${phase}: ${says}`, calls };
}

function ofPromotion(run: FailoverRun, topology: FailoverTopology): readonly PlanStep[] {
  const old = nodeOf(topology, run.oldPrimary);
  const id = run.oldPrimary ?? run.input.database;
  const none = topology.quarantineGroup === null || isElsewhere({ id });
  const wall = none ? [] : [unwallCommand(id, [topology.quarantineGroup ?? ""])];
  const inside =
    old?.look?.reachable === true
      ? fenceStatements(topology.engine)
      : [`aws rds reboot-db-instance --db-instance-identifier ${named(id)}`];
  return [
    step("fence", `keep clients off ${id}`, [...wall, ...inside]),
    step("catch-up", `${run.candidate} applies what it received`, []),
  ];
}

function rebuildText(source: string): string {
  const id = source.split(":").at(-1) ?? source;
  const region = named(source).slice(id.length);
  return `aws rds create-db-instance-read-replica --source-db-instance-identifier ${id} --db-instance-identifier ${replicaName(source)}${region}`;
}

export function executeText(
  { method, candidate, oldPrimary }: FailoverRun,
  topology: FailoverTopology,
): string {
  const { clusterId, globalId } = topology;
  switch (method) {
    case "promote-replica":
      return `aws rds promote-read-replica --db-instance-identifier ${named(candidate ?? "")} --backup-retention-period 7 --preferred-backup-window 03:00-04:00`;
    case "fail-over-cluster": {
      const target = candidate === null ? "" : ` --target-db-instance-identifier ${candidate}`;
      return `aws rds failover-db-cluster --db-cluster-identifier ${clusterId}${target}`;
    }
    case "reboot-with-failover":
      return `aws rds reboot-db-instance --db-instance-identifier ${oldPrimary} --force-failover`;
    case "switch-over-global":
      return `aws rds switchover-global-cluster --global-cluster-identifier ${globalId} --target-db-cluster-identifier ${candidate}`;
    case "fail-over-global":
      return `aws rds failover-global-cluster --global-cluster-identifier ${globalId} --target-db-cluster-identifier ${candidate} --allow-data-loss`;
    case null:
      return "none";
    default:
      return method satisfies never;
  }
}
