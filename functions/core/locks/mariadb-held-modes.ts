import type { LockRequest } from "./lock-request.ts";
import { isUpgrade } from "./mysql-metadata-modes.ts";

/**
 * MariaDB shows a lock as it was first asked for, and never as its owner raised or lowered it since: an ALTER that copies
 * its table has SHARED_NO_WRITE and is shown with SHARED_UPGRADABLE, FLUSH TABLES WITH READ LOCK with the first of its
 * two locks, and every BACKUP STAGE with what START asked for. What it may be by now is taken, and said to be "up to".
 * Who just asks for more has no more yet. https://github.com/MariaDB/server/blob/main/sql/mdl.cc
 * (MDL_context::upgrade_shared_lock), https://mariadb.com/docs/server/reference/sql-statements/administrative-sql-statements/backup-commands/backup-stage
 */
export function mariadbHeldModes(requests: readonly LockRequest[]): readonly LockRequest[] {
  const pending = Map.groupBy(
    requests.filter(({ granted }) => !granted),
    ({ object }) => object,
  );
  return requests.map((request) => {
    const others = pending.get(request.object) ?? [];
    if (!request.granted || others.some(({ owner }) => owner === request.owner)) return request;
    return { ...request, mode: modeByNow(request.mode, others) };
  });
}

function modeByNow(mode: string, waiting: readonly LockRequest[]): string {
  switch (mode) {
    case "SHARED_UPGRADABLE":
      // A strong request that waits explains why readers wait; the last step, which nobody passes, is a short one.
      return waiting.some((other) => isUpgrade(other.mode)) ? "up to SHARED_NO_WRITE" : "up to EXCLUSIVE";
    case "BACKUP_FTWRL1":
      return "BACKUP_FTWRL2";
    case "BACKUP_START":
    case "BACKUP_BLOCK_DDL":
      return "up to BACKUP_WAIT_COMMIT";
    default:
      return mode;
  }
}
