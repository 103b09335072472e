import type { HeldLock } from "../contract/locks.ts";

/**
 * For each request, the granted types that keep it waiting, as performance_schema.metadata_locks spells them.
 * INTENTION_EXCLUSIVE exists for scopes (GLOBAL, SCHEMA, COMMIT …) only, which know SHARED and EXCLUSIVE besides.
 * https://dev.mysql.com/doc/refman/8.4/en/metadata-locking.html and sql/mdl.h of both engines.
 */
const waitsFor: Readonly<Record<string, readonly string[]>> = {
  INTENTION_EXCLUSIVE: ["SHARED", "EXCLUSIVE"],
  SHARED: ["INTENTION_EXCLUSIVE", "EXCLUSIVE"],
  SHARED_HIGH_PRIO: ["EXCLUSIVE"],
  SHARED_READ: ["SHARED_NO_READ_WRITE", "EXCLUSIVE"],
  SHARED_WRITE: ["SHARED_READ_ONLY", "SHARED_NO_WRITE", "SHARED_NO_READ_WRITE", "EXCLUSIVE"],
  SHARED_WRITE_LOW_PRIO: ["SHARED_READ_ONLY", "SHARED_NO_WRITE", "SHARED_NO_READ_WRITE", "EXCLUSIVE"],
  SHARED_UPGRADABLE: ["SHARED_UPGRADABLE", "SHARED_NO_WRITE", "SHARED_NO_READ_WRITE", "EXCLUSIVE"],
  SHARED_READ_ONLY: ["SHARED_WRITE", "SHARED_WRITE_LOW_PRIO", "SHARED_NO_READ_WRITE", "EXCLUSIVE"],
  SHARED_NO_WRITE: [
    "SHARED_WRITE",
    "SHARED_WRITE_LOW_PRIO",
    "SHARED_UPGRADABLE",
    "SHARED_NO_WRITE",
    "SHARED_NO_READ_WRITE",
    "EXCLUSIVE",
  ],
  SHARED_NO_READ_WRITE: [
    "SHARED_READ",
    "SHARED_WRITE",
    "SHARED_WRITE_LOW_PRIO",
    "SHARED_UPGRADABLE",
    "SHARED_READ_ONLY",
    "SHARED_NO_WRITE",
    "SHARED_NO_READ_WRITE",
    "EXCLUSIVE",
  ],
};

/**
 * The same for MariaDB's BACKUP scope, which FLUSH TABLES WITH READ LOCK and BACKUP STAGE use. FTWRL comes in two
 * steps: it stops what changes data or structure, then commits.
 * https://mariadb.com/kb/en/backup-stage/ and sql/mdl.cc of MariaDB.
 */
const ftwrl = ["BACKUP_FTWRL1", "BACKUP_FTWRL2"];
const changes = ["BACKUP_TRANS_DML", "BACKUP_SYS_DML", "BACKUP_DDL", "BACKUP_ALTER_COPY"];
const stages = ["BACKUP_START", "BACKUP_FLUSH", "BACKUP_WAIT_FLUSH", "BACKUP_WAIT_DDL", "BACKUP_WAIT_COMMIT"];
const backupWaitsFor: Readonly<Record<string, readonly string[]>> = {
  BACKUP_START: [...stages, "BACKUP_BLOCK_DDL"],
  BACKUP_FLUSH: ["BACKUP_START"],
  BACKUP_WAIT_FLUSH: ["BACKUP_START", "BACKUP_DML"],
  BACKUP_WAIT_DDL: ["BACKUP_START", "BACKUP_DML", "BACKUP_DDL"],
  BACKUP_WAIT_COMMIT: ["BACKUP_START", "BACKUP_DML", "BACKUP_SYS_DML", "BACKUP_DDL", "BACKUP_COMMIT"],
  BACKUP_FTWRL1: ["BACKUP_DML", ...changes],
  BACKUP_FTWRL2: ["BACKUP_DML", ...changes, "BACKUP_COMMIT"],
  BACKUP_DML: ["BACKUP_FLUSH", "BACKUP_WAIT_FLUSH", "BACKUP_WAIT_DDL", "BACKUP_WAIT_COMMIT", ...ftwrl],
  BACKUP_TRANS_DML: ftwrl,
  BACKUP_SYS_DML: ["BACKUP_WAIT_COMMIT", ...ftwrl],
  BACKUP_DDL: ["BACKUP_WAIT_DDL", "BACKUP_WAIT_COMMIT", ...ftwrl, "BACKUP_BLOCK_DDL"],
  BACKUP_ALTER_COPY: ftwrl,
  BACKUP_BLOCK_DDL: ["BACKUP_START", "BACKUP_DDL"],
  BACKUP_COMMIT: ["BACKUP_WAIT_COMMIT", "BACKUP_FTWRL2"],
};

/** What a lock of which only a bound is known may be; see mariadb-held-modes.ts. */
const upTo: Readonly<Record<string, readonly string[]>> = {
  "up to SHARED_NO_WRITE": ["SHARED_UPGRADABLE", "SHARED_NO_WRITE"],
  "up to EXCLUSIVE": ["EXCLUSIVE"],
  "up to BACKUP_WAIT_COMMIT": [...stages, "BACKUP_BLOCK_DDL"],
};

/** Whether a metadata lock request of type `wanted` waits for one of type `held`. An unknown type waits for all. */
export function metadataConflicts(_kind: HeldLock["objectKind"], held: string, wanted: string): boolean {
  const known = waitsFor[wanted] ?? backupWaitsFor[wanted];
  return known === undefined || (upTo[held] ?? [held]).some((mode) => known.includes(mode));
}

/**
 * Who goes first among those that wait for one object: lower first. A waiting EXCLUSIVE is passed by nobody but
 * SHARED_HIGH_PRIO, which is why one ALTER TABLE behind one idle reader stops every later SELECT.
 */
const classes: readonly (readonly string[])[] = [
  ["SHARED_HIGH_PRIO"],
  ["EXCLUSIVE", "BACKUP_START", "BACKUP_FLUSH", "BACKUP_WAIT_FLUSH", "BACKUP_WAIT_DDL", "BACKUP_WAIT_COMMIT"],
  ["SHARED_NO_READ_WRITE", "SHARED_NO_WRITE", "SHARED_UPGRADABLE", "SHARED", ...ftwrl],
  ["SHARED_WRITE"],
  ["SHARED_READ_ONLY"],
];

export function metadataPriority(mode: string): number {
  const found = classes.findIndex((modes) => modes.includes(mode));
  return found === -1 ? classes.length : found;
}

/** What a statement asks for when it already has a lock on the object; others ask once, as they begin. */
export function isUpgrade(mode: string): boolean {
  return ["EXCLUSIVE", "SHARED_NO_WRITE", "SHARED_NO_READ_WRITE"].includes(mode);
}
