import { savepoints } from "../faults/savepoints.ts";

export const scenario = savepoints(
  "An import with a savepoint for each row stays open: every reader looks up subtransactions in a cache that is too small",
  120,
);
