import { proposeManual } from "../actions/propose.ts";
import type { ProposedAction } from "../contract/finding.ts";
import type { Target } from "../contract/target.ts";
import type { ReplicaFact, Stop } from "../facts/replica-facts.ts";
import { isSlotOfRds } from "../facts/slot-consumer.ts";
import type { View } from "../facts/view.ts";
import type { ReplicationSlotRow } from "../probes/postgres/replication-slots-rows.ts";
import { sqlLiteral } from "../text/sql-literal.ts";
import { mysqlReplicationRemedies } from "./mysql-replication-remedies.ts";

/** What was stopped on purpose is started again by whoever knows the purpose; an error is mended first. */
export function resumeReplication(view: View, fact: ReplicaFact, stop: Stop): readonly ProposedAction[] {
  const { engine } = view.evidence.target;
  if (fact.source === "DescribeDBInstances") return [];
  if (engine !== "postgres") return mysqlReplicationRemedies(view, fact, stop);
  if (stop.error !== null || !stop.why.includes("pg_wal_replay_pause")) return [];
  return [resume("SELECT pg_wal_replay_resume()", "replay goes on where it was paused")];
}

function resume(preview: string, effect: string): ProposedAction {
  return proposeManual({
    id: "resume-replication",
    spec: [],
    risk: "disruptive",
    preview,
    describes: "replication of this replica",
    consequence: `On the replica: ${effect}, and the replica works hard until it has caught up. First find out why it was stopped: a backup, or a rescue of data deleted by mistake, may need it so.`,
  });
}

/** For the WAL that it keeps. Its consumer may come back; then it has to be built anew. Only its owner knows. */
export function dropSlotForWal(
  target: Target,
  { slot, kind }: ReplicationSlotRow,
): readonly ProposedAction[] {
  return dropSlot(target, slot, {
    spec: [],
    describes: `the ${kind} replication slot ${slot}, which nobody reads from`,
    consequence:
      "The WAL is removed at the next checkpoints. A consumer that comes back cannot go on: it has to be built anew. First try to start the consumer.",
  });
}

/** For the old row versions that it holds. */
export function dropSlotForVacuum(target: Target, slot: string): readonly ProposedAction[] {
  return dropSlot(target, slot, {
    spec: ["A5"],
    describes: `Gives up the replication slot ${slot}, which nobody reads`,
    consequence: "Its consumer cannot go on where it stopped and has to be built anew. Ask its owner first.",
  });
}

function dropSlot(
  target: Target,
  slot: string,
  says: Pick<ProposedAction, "spec" | "describes" | "consequence">,
): readonly ProposedAction[] {
  if (isSlotOfRds(slot)) return target.flavour === "self-managed" ? [] : [findReplicaOf(target, slot)];
  const preview = `SELECT pg_drop_replication_slot(${sqlLiteral(slot, "postgres")})`;
  return [proposeManual({ id: "drop-replication-slot", risk: "irreversible", preview, ...says })];
}

/** Dropped by hand, the replica would be broken for good: mended or deleted, it lets go by itself. */
function findReplicaOf({ name, region: own }: Target, slot: string): ProposedAction {
  const [, place] = /^rds_([a-z]{2}(?:_[a-z]+)+_\d+)_/.exec(slot) ?? [];
  const region = place?.replaceAll("_", "-") ?? own;
  const of = "ReadReplicaSourceDBInstanceIdentifier";
  return proposeManual({
    id: "find-replica-of-slot",
    spec: [],
    risk: "safe",
    // https://docs.aws.amazon.com/cli/latest/reference/rds/describe-db-instances.html; abroad the source is an ARN.
    preview: `aws rds describe-db-instances${region === null ? "" : ` --region ${region}`} --query "DBInstances[?${of}=='${name}' || ends_with(${of} || '', ':db:${name}')].[DBInstanceIdentifier,DBInstanceStatus,StatusInfos]"`,
    describes: `the replica that RDS made the slot ${slot} for`,
    consequence:
      "Only reads. The slot is RDS's own and must not be dropped. Mend the replica that stands still, or delete it if it is not needed: RDS then lets the slot go.",
  });
}
