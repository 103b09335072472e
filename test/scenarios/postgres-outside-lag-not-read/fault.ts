import { about, defineOutside, from } from "../support/outside.ts";

const gib = 1024 ** 3;
const mib = 1024 ** 2;
const main = "scenario-main";

export const scenario = defineOutside({
  engine: "postgres",
  title: "No way in, and no ReplicaLag; the source writes more than usual and keeps WAL for its replica",
  role: "reader",
  self: { role: "replica", replicaOf: main },
  others: [{ id: main, role: "writer" }],
  measured: () => [
    { id: "CPUUtilization", values: about(31), unit: "percent", day: 24, week: 22 },
    { id: "WriteIOPS", values: about(900), unit: "per-second", day: 410, week: 400 },
    { id: "WriteLatency", values: about(0.006), unit: "seconds", day: 0.003 },
    {
      id: "TransactionLogsGeneration",
      values: from(7 * mib, 10, 51 * mib),
      unit: "bytes-per-second",
      day: 6 * mib,
      of: main,
    },
    {
      id: "OldestReplicationSlotLag",
      values: from(0.1 * gib, 10, 6 * gib),
      unit: "bytes",
      day: mib,
      of: main,
    },
  ],
});
