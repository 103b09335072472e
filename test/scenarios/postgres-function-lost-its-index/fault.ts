import { functionLostItsIndex } from "../faults/function-lost-its-index.ts";

export const scenario = functionLostItsIndex(
  "A PL/pgSQL function sums by a column that no index leads to; clients send the call alone",
  false,
);
