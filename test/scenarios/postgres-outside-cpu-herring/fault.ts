import { about, defineOutside } from "../support/outside.ts";

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "No way in; an alarm on a busy CPU that sessions do not queue for: they wait for rows that others hold",
  alarm: {
    metric: "CPUUtilization",
    comparison: "GreaterThanThreshold",
    threshold: 80,
    recentDatapoints: [83, 82, 84],
  },
  measured: () => [
    { id: "CPUUtilization", values: about(83, 0.03), unit: "percent", day: 61, week: 63 },
    { id: "DBLoadCPU", values: about(0.6), unit: "average-sessions", day: 0.6, capacity: 2 },
    { id: "DBLoadNonCPU", values: about(14), unit: "average-sessions", day: 0.4 },
    { id: "DBLoad", values: about(14.6), unit: "average-sessions", day: 1, capacity: 2 },
    { id: "DatabaseConnections", values: about(210), unit: "count", day: 196 },
  ],
  rds: () => ({
    load: [
      {
        by: "wait-event",
        items: [
          { name: "Lock:transactionid", id: null, load: 11.8, waits: [] },
          { name: "Lock:tuple", id: null, load: 2.1, waits: [] },
          { name: "CPU", id: null, load: 0.6, waits: [] },
        ],
      },
      {
        by: "statement",
        items: [
          { name: "UPDATE seats SET taken = taken + $1 WHERE show = $2", id: null, load: 13.6, waits: [] },
          { name: "SELECT * FROM shows WHERE id = $1", id: null, load: 0.7, waits: [] },
        ],
      },
    ],
  }),
});
