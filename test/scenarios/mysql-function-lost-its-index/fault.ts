import { routineLostItsIndex } from "../faults/routine-lost-its-index.ts";

export const scenario = routineLostItsIndex("mysql", {
  title: "A stored function that a SELECT calls sums by a column whose index is gone",
  cpu: 92,
  as: "function",
  indexed: false,
});
