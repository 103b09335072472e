import { postgresTurns } from "../faults/lock-in-turns.ts";

export const scenario = postgresTurns(
  "Workers lock a table each before they write to it, for a tenth of a second",
  (table) => [
    "BEGIN",
    `LOCK TABLE ${table} IN EXCLUSIVE MODE`,
    `UPDATE ${table} SET n = n + 1 WHERE id = 3`,
    "SELECT pg_sleep(0.1)",
    "COMMIT",
  ],
);
