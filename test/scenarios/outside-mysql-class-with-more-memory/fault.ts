import { classChangedAndShort } from "../faults/class-changed.ts";

export const scenario = classChangedAndShort({
  id: "ledger-db",
  title:
    "Taken at night to a class with as many vCPUs and four times the memory; by day more work comes than ever",
  to: "db.x2iedn.2xlarge",
  by: "platform-team",
  tells: true,
  freeMemoryGib: 190,
  readIops: 140,
  load: [19, 26],
  cpuAtNight: [36, 20],
  connections: 262,
  sentBytes: 1.6e7,
});
