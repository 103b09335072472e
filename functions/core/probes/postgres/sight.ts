import * as z from "zod";
import { SqlError } from "../../errors.ts";
import type { SqlRow, SqlStatement } from "../../ports.ts";
import type { Need } from "../define.ts";

/** https://www.postgresql.org/docs/current/predefined-roles.html */
export const pgMonitor: Need = { kind: "grant", name: "pg_monitor", enable: "GRANT pg_monitor TO {user}" };

/** Whether other users' sessions show more than their existence. Without the role no error comes, only nulls. */
export const sightStatement: SqlStatement = {
  sql: "select pg_has_role('pg_read_all_stats', 'usage') as sees_all",
};

const sightSchema = z.object({ sees_all: z.boolean() });

/** Throws SqlError "permission" when half-blank rows would pass for an answer. */
export function requireSight(rows: readonly SqlRow[] | undefined): void {
  if (sightSchema.parse(rows?.[0]).sees_all) return;
  throw new SqlError("permission", "42501", "other users' sessions are hidden from the probe user");
}
