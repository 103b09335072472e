import { functionLostItsIndex } from "../faults/function-lost-its-index.ts";

export const scenario = functionLostItsIndex(
  "A PL/pgSQL function is called often and sums by an index: busy, and well",
  true,
);
