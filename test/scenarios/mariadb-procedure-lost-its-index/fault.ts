import { routineLostItsIndex } from "../faults/routine-lost-its-index.ts";

export const scenario = routineLostItsIndex("mariadb", {
  title: "A stored procedure counts into a variable by a column whose index is gone",
  cpu: 92,
  as: "procedure",
  indexed: false,
});
