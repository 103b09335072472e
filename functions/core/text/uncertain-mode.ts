/**
 * Whether a lock that is held may be stronger or weaker than it is shown: whom it stops is then a guess. MariaDB alone
 * has such; see locks/mariadb-held-modes.ts.
 */
export function isUncertainMode(mode: string): boolean {
  return mode.startsWith("up to ") || mode === "BACKUP_START" || mode === "BACKUP_BLOCK_DDL";
}
