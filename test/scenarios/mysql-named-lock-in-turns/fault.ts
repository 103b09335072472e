import { mysqlTurns } from "../faults/lock-in-turns.ts";

export const scenario = mysqlTurns(
  "mysql",
  "Workers let one at a time through by GET_LOCK, each for a tenth of a second",
  () => ["SELECT GET_LOCK('nightly', 60)", "DO SLEEP(0.1)", "SELECT RELEASE_LOCK('nightly')"],
);
