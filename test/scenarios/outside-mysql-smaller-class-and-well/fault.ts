import { classChangedAndWell } from "../faults/class-changed.ts";

export const scenario = classChangedAndWell({
  id: "wiki-db",
  title: "Taken to a class of a quarter the size at night: busier, with less memory free, and nobody queues",
  to: "db.r6g.large",
  by: "cost-optimizer",
  tells: true,
  freeMemoryGib: 1.4,
  readIops: 520,
});
