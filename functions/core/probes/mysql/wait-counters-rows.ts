import * as z from "zod";
import { defineRows } from "../define-rows.ts";

const waitCountersRowSchema = z.object({
  /** InnoDB's own count of who waits for a row just now. */
  rowLockWaits: z.number().int().nonnegative(),
  threadsRunning: z.number().int().nonnegative(),
  /** Tables whose rows are waited for, by InnoDB's status; empty when that is shut as well. */
  tables: z.array(z.string()),
});

export const mysqlWaitCountersRows = defineRows({ id: "mysql-wait-counters", row: waitCountersRowSchema });
