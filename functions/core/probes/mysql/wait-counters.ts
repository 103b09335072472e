import * as z from "zod";
import { defineProbe } from "../define.ts";
import { mysqlWaitCountersRows } from "./wait-counters-rows.ts";

const counterSchema = z.object({ Variable_name: z.string(), Value: z.coerce.number() });
const statusSchema = z.object({ Status: z.string() });

export const mysqlWaitCounters = defineProbe({
  ...mysqlWaitCountersRows,
  spec: ["P24"],
  title: "How many wait for a row, by what every user may read?",
  engines: ["mysql", "mariadb"],
  tier: "immediate",
  cost: "Two counters, and InnoDB's status where the user may have it; asked only when row locks had no answer.",
  needs: [],
  maxRows: 1,
  source: "https://dev.mysql.com/doc/refman/8.4/en/innodb-standard-monitor.html",
  standsInFor: ["mysql-row-locks", "mariadb-row-locks"],
  statements: () => [
    {
      sql: "SHOW GLOBAL STATUS WHERE Variable_name IN ('Innodb_row_lock_current_waits', 'Threads_running')",
    },
  ],
  follow: () => [{ sql: "SHOW ENGINE INNODB STATUS", mayFail: true }],
  read: ([counters = [], status = []]) => {
    const rows = z.array(counterSchema).parse(counters);
    const count = (name: string): number => rows.find((row) => row.Variable_name === name)?.Value ?? 0;
    const text = statusSchema.safeParse(status[0]).data?.Status ?? "";
    return [
      {
        rowLockWaits: Math.max(0, count("Innodb_row_lock_current_waits")),
        threadsRunning: count("Threads_running"),
        tables: wantedTables(text),
      },
    ];
  },
});

/** "RECORD LOCKS space id 58 page no 3 n bits 72 index PRIMARY of table `shop`.`orders` trx id 8458 lock_mode X waiting" */
function wantedTables(status: string): string[] {
  const waits = status.matchAll(/^(?:RECORD|TABLE) LOCKS? .*?table ((?:`[^`]+`\.?)+).* waiting/gm);
  return [...new Set([...waits].map(([, name = ""]) => name.replaceAll("`", "")))];
}
