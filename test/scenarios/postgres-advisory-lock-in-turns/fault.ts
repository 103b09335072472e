import { postgresTurns } from "../faults/lock-in-turns.ts";

export const scenario = postgresTurns(
  "Workers let one at a time through by pg_advisory_xact_lock, each for a tenth of a second",
  () => ["SELECT pg_advisory_xact_lock(4711), pg_sleep(0.1)"],
);
