import { savepoints } from "../faults/savepoints.ts";

export const scenario = savepoints(
  "The same import with sixty savepoints: they fit beside its session, and readers look nothing up",
  60,
  0.5,
);
