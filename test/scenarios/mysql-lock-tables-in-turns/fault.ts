import { mysqlTurns } from "../faults/lock-in-turns.ts";

export const scenario = mysqlTurns(
  "mysql",
  "Workers lock a table each before they write to it, for a tenth of a second",
  (table) => [
    `LOCK TABLES ${table} WRITE`,
    `UPDATE ${table} SET n = n + 1 WHERE id = 3`,
    "DO SLEEP(0.1)",
    "UNLOCK TABLES",
  ],
);
