import { classChangedAndShort } from "../faults/class-changed.ts";

export const scenario = classChangedAndShort({
  id: "tickets-db",
  title:
    "Somebody saved money and took a class of a quarter the size at night; the day's work no longer fits",
  to: "db.r6g.large",
  by: "cost-optimizer",
  freeMemoryGib: 1.7,
  readIops: 1450,
  load: [11, 15],
  cpuAtNight: [62, 37],
  connections: 232,
  sentBytes: 5.4e6,
});
