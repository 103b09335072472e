import * as z from "zod";
import { defineRows } from "../../define-rows.ts";

const count = z.number().nonnegative();
const share = z.object({ used: count, max: count });

/** P28: what the server counts against limits of its own. Null or absent: it was not allowed to be read, or is not counted here. */
export const mysqlLimitsRowSchema = z.object({
  preparedStatements: share,
  openFiles: share,
  openTables: share,
  /** Zero is no limit. */
  maxUserConnections: count,
  maxConnectErrors: count,
  /** MySQL: errors by number since the start, limits' and the last minute's. MariaDB does not count them. */
  refusals: z
    .array(
      z.object({
        errno: z.number().int(),
        /** Absent from what was recorded before it was read. */
        name: z.string().exactOptional(),
        count,
        secondsAgo: count,
      }),
    )
    .nullable(),
  /** MySQL: users whose connections or statements a limit of their account refused (1203, 1226). Absent from older evidence. */
  refusedAccounts: z
    .array(z.object({ user: z.string(), count, secondsAgo: count }))
    .nullable()
    .exactOptional(),
  /** Hosts with as many connect errors as the server takes: it refuses them. */
  blockedHosts: z.array(z.object({ host: z.string(), errors: count, refused: count })).nullable(),
  /** Who keeps most prepared statements; asked only when they are many. */
  statementOwners: z
    .array(z.object({ user: z.string(), sessions: count, statements: count, mostOfOne: count }))
    .nullable(),
});
export type MysqlLimitsRow = z.infer<typeof mysqlLimitsRowSchema>;

export const mysqlLimitsRows = defineRows({ id: "mysql-limits", row: mysqlLimitsRowSchema });
