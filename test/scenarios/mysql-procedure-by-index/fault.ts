import { routineLostItsIndex } from "../faults/routine-lost-its-index.ts";

export const scenario = routineLostItsIndex("mysql", {
  title: "A stored procedure is called often and counts by an index: busy, and well",
  cpu: 38,
  as: "procedure",
  indexed: true,
});
