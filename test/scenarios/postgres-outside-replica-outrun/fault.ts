import { about, defineOutside, from } from "../support/outside.ts";

const mib = 1024 ** 2;
const main = "scenario-main";

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "No way in; a bulk write on the source is more than the replica applies, whose storage is busy with it",
  role: "reader",
  self: { role: "replica", replicaOf: main },
  others: [{ id: main, role: "writer" }],
  alarm: {
    metric: "ReplicaLag",
    comparison: "GreaterThanThreshold",
    threshold: 120,
    recentDatapoints: [130, 185, 240],
  },
  measured: () => [
    { id: "ReplicaLag", values: from(1, 12, 640), unit: "seconds", day: 1, week: 1 },
    { id: "WriteLatency", values: about(0.05), unit: "seconds", day: 0.003, week: 0.002 },
    { id: "WriteIOPS", values: about(2700), unit: "per-second", day: 300, week: 310 },
    { id: "CPUUtilization", values: about(38), unit: "percent", day: 22, week: 21 },
    {
      id: "TransactionLogsGeneration",
      values: from(4 * mib, 11, 88 * mib),
      unit: "bytes-per-second",
      day: 5 * mib,
      week: 4 * mib,
      of: main,
    },
    { id: "WriteIOPS", values: from(340, 11, 4100), unit: "per-second", day: 350, week: 330, of: main },
  ],
  rds: () => ({
    sourceLoad: [
      {
        by: "statement",
        items: [
          { name: "UPDATE accounts SET tier = $1 WHERE region = $2", id: null, load: 2.6, waits: [] },
          { name: "SELECT * FROM accounts WHERE id = $1", id: null, load: 0.5, waits: [] },
        ],
      },
    ],
  }),
});
