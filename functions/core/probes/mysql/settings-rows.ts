import * as z from "zod";
import { defineRows } from "../define-rows.ts";

/** P32: one row for each setting that is there, and for each that this version no longer has; by name. */
export const mysqlSettingRowSchema = z.object({
  name: z.string(),
  /** `gone`: this version does not know it any more, so that it cannot be missing either. */
  state: z.enum(["set", "gone"]),
  /** The global one, which new sessions start with, in the setting's own unit. Null when gone. */
  value: z.string().nullable(),
  /** The value in bytes or seconds, where it is one of them. */
  bytes: z.number().nullable(),
  seconds: z.number().nullable(),
  /**
   * `default`, `configuration-file` (on RDS: the parameter group), `command-line`, `persisted`, `run-time`. Null where
   * it cannot be told: on MySQL a SET SESSION of the responder itself overwrites it for the whole server.
   */
  source: z.enum(["default", "configuration-file", "command-line", "persisted", "run-time"]).nullable(),
  path: z.string().nullable(),
  changedAt: z.string().nullable(),
  changedBy: z.string().nullable(),
  goneSince: z.string().nullable(),
  replacedBy: z.string().nullable(),
});
export type MysqlSettingRow = z.infer<typeof mysqlSettingRowSchema>;

export const mysqlSettingsRows = defineRows({ id: "mysql-settings", row: mysqlSettingRowSchema });
