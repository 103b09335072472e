import type { DatabaseContext } from "../contract/context.ts";

export interface BackupAge {
  /** Days that automated backups are kept; 0: they are off. Null: not known. */
  readonly retentionDays: number | null;
  /** Hours since the newest usable snapshot; null when there is none or it could not be read. */
  readonly snapshotHours: number | null;
  /** How far point-in-time recovery lags behind now: what would be lost. */
  readonly restoreLagMinutes: number | null;
  /** In words, what is older than it should be; empty when nothing is. */
  readonly stale: readonly string[];
}

/** RDS takes a snapshot every day and uploads logs every five minutes; these leave room for a slow one. */
const snapshotLimitHours = 36;
const restoreLimitMinutes = 30;

/** SPEC M5: how old the backups are. Judges only what could be read. */
export function backupAge({ topology, backups, readAt }: DatabaseContext): BackupAge {
  const now = Date.parse(readAt);
  const self = topology?.members[0];
  const retentionDays = topology?.cluster?.backupRetentionDays ?? self?.backupRetentionDays ?? null;
  const snapshotHours = since(backups?.newestSnapshot?.at ?? null, now, 3_600_000);
  const restorableTo =
    topology?.cluster?.latestRestorableAt ?? self?.latestRestorableAt ?? backups?.restorableTo ?? null;
  const restoreLagMinutes = since(restorableTo, now, 60_000);
  const isReplica = topology?.kind === "read-replica";
  const stale = [
    // A replica has no backups of its own unless somebody wants them.
    retentionDays === 0 && !isReplica ? "automated backups are off" : null,
    retentionDays !== 0 && snapshotHours !== null && snapshotHours > snapshotLimitHours
      ? `the newest snapshot is ${Math.floor(snapshotHours)} hours old`
      : null,
    retentionDays !== 0 && restoreLagMinutes !== null && restoreLagMinutes > restoreLimitMinutes
      ? `point-in-time recovery ends ${Math.floor(restoreLagMinutes)} minutes ago`
      : null,
  ].filter((reason) => reason !== null);
  return { retentionDays, snapshotHours, restoreLagMinutes, stale };
}

function since(at: string | null, now: number, unitMs: number): number | null {
  return at === null ? null : (now - Date.parse(at)) / unitMs;
}
