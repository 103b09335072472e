import { classChangedAndWell } from "../faults/class-changed.ts";

export const scenario = classChangedAndWell({
  id: "archive-db",
  title:
    "Taken to a class with as many vCPUs and four times the memory at night: as busy as ever, and nobody queues",
  to: "db.x2iedn.2xlarge",
  by: "platform-team",
  tells: true,
  freeMemoryGib: 190,
  readIops: 140,
});
