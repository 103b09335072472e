import { SqlError } from "../../errors.ts";
import type { ServerInfo, SqlRow, SqlStatement } from "../../ports.ts";
import type { Need } from "../define.ts";

/** https://dev.mysql.com/doc/refman/8.4/en/privileges-provided.html#priv_process */
export const processGrant: Need = {
  kind: "grant",
  name: "PROCESS",
  enable: "GRANT PROCESS ON *.* TO {user}",
};

/** https://dev.mysql.com/doc/refman/8.4/en/performance-schema.html */
export const performanceSchemaGrant: Need = {
  kind: "grant",
  name: "SELECT on performance_schema",
  enable: "GRANT SELECT ON performance_schema.* TO {user}",
};

/** Static: on RDS it takes a parameter group and a reboot, or Performance Insights, which turns it on itself. */
export const performanceSchemaSetting: Need = {
  kind: "setting",
  name: "performance_schema",
  enable: "performance_schema = ON in the parameter group, and a reboot",
};

/**
 * Off by default on MariaDB. https://mariadb.com/kb/en/performance-schema-metadata_locks-table/
 * The instrument counts only locks taken after it was turned on.
 */
export const metadataLockInstrument: Need = {
  kind: "setting",
  name: "wait/lock/metadata/sql/mdl",
  enable:
    "UPDATE performance_schema.setup_instruments SET ENABLED = 'YES' WHERE NAME = 'wait/lock/metadata/sql/mdl'",
};

/** No row, or a row without YES, when metadata locks are not recorded. */
export const metadataLocksSightStatement: SqlStatement = {
  sql: `SELECT ENABLED AS enabled FROM performance_schema.setup_instruments
    WHERE NAME = 'wait/lock/metadata/sql/mdl' AND @@performance_schema = 1`,
};

/** Throws SqlError "missing-object" when an empty table would pass for "nobody waits". */
export function requireMetadataLocks(rows: readonly SqlRow[]): void {
  if (rows[0]?.["enabled"] === "YES") return;
  throw new SqlError(
    "missing-object",
    "performance_schema",
    rows.length === 0 ? "performance_schema is OFF" : "metadata locks are not instrumented",
  );
}

export function versionIsAtLeast(server: ServerInfo, wanted: readonly number[]): boolean {
  const parts = server.version.split(/[.-]/).map(Number);
  for (const [index, number] of wanted.entries()) {
    const part = parts[index] ?? 0;
    if (part !== number) return part > number;
  }
  return true;
}
