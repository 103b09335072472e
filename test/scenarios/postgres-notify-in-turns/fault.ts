import { postgresTurns } from "../faults/lock-in-turns.ts";

/** The wait for the disk that a commit makes, drawn out: only there does the lock of NOTIFY show. */
export const scenario = {
  ...postgresTurns(
    "Every commit sends a NOTIFY, and such commits pass one at a time through the whole server",
    (table) => [
      "BEGIN",
      `INSERT INTO ${table} VALUES (100 + (random() * 2e9)::int, 'new', 0)`,
      `NOTIFY ${table}`,
      "COMMIT",
    ],
  ),
  server: { settings: { fsync: "on", commit_delay: "100000", commit_siblings: "0" } },
};
