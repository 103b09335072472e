import { proposeManual } from "../actions/propose.ts";
import type { ProposedAction } from "../contract/finding.ts";
import type { Target } from "../contract/target.ts";
import type { ReplicaFact, Stop } from "../facts/replica-facts.ts";
import type { ReplicationSlotRow } from "../probes/postgres/replication-slots-rows.ts";
import { sqlLiteral } from "../text/sql-literal.ts";

/** What was stopped on purpose is started again by whoever knows the purpose; an error is mended first. */
export function resumeReplication(
  { engine, flavour }: Target,
  fact: ReplicaFact,
  stop: Stop,
): readonly ProposedAction[] {
  if (stop.error !== null || fact.source === "DescribeDBInstances") return [];
  if (engine === "postgres") {
    if (!stop.why.includes("pg_wal_replay_pause")) return [];
    return [resume("SELECT pg_wal_replay_resume()", "replay goes on where it was paused")];
  }
  if (!stop.why.includes("not by an error")) return [];
  const start =
    flavour === "self-managed"
      ? engine === "mariadb"
        ? "START SLAVE"
        : "START REPLICA"
      : "CALL mysql.rds_start_replication";
  return [resume(start, "both threads go on where they were stopped")];
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
export function dropSlotForWal({ slot, kind }: ReplicationSlotRow): ProposedAction {
  return proposeManual({
    id: "drop-replication-slot",
    spec: [],
    risk: "irreversible",
    preview: dropStatement(slot),
    describes: `the ${kind} replication slot ${slot}, which nobody reads from`,
    consequence:
      "The WAL is removed at the next checkpoints. A consumer that comes back cannot go on: it has to be built anew. First try to start the consumer.",
  });
}

/** For the old row versions that it holds. */
export function dropSlotForVacuum(slot: string): ProposedAction {
  return proposeManual({
    id: "drop-replication-slot",
    spec: ["A5"],
    risk: "irreversible",
    preview: dropStatement(slot),
    describes: `Gives up the replication slot ${slot}, which nobody reads`,
    consequence: "Its consumer cannot go on where it stopped and has to be built anew. Ask its owner first.",
  });
}

function dropStatement(slot: string): string {
  return `SELECT pg_drop_replication_slot(${sqlLiteral(slot, "postgres")})`;
}
