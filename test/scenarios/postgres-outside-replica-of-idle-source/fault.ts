import { about, defineOutside, from } from "../support/outside.ts";

const mib = 1024 ** 2;
const main = "scenario-main";

export const scenario = defineOutside({
  engine: "postgres",
  title: "No way in; the lag of a replica runs up to minutes because nobody writes on its source",
  role: "reader",
  self: { role: "replica", replicaOf: main },
  others: [{ id: main, role: "writer" }],
  measured: () => [
    { id: "ReplicaLag", values: from(12, 4, 260), unit: "seconds", day: 140, week: 190 },
    { id: "CPUUtilization", values: about(4), unit: "percent", day: 4, week: 4 },
    { id: "WriteIOPS", values: about(2), unit: "per-second", day: 2, week: 2 },
    {
      id: "TransactionLogsGeneration",
      values: about(0.2 * mib),
      unit: "bytes-per-second",
      day: 0.2 * mib,
      of: main,
    },
    { id: "WriteIOPS", values: about(3), unit: "per-second", day: 3, week: 3, of: main },
  ],
});
