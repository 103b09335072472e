import { about, defineOutside } from "../support/outside.ts";

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "No way in; an alarm on too few connections: the application is away, the database has nothing to do",
  alarm: {
    metric: "DatabaseConnections",
    comparison: "LessThanThreshold",
    threshold: 20,
    recentDatapoints: [3, 2, 2],
  },
  measured: () => [
    { id: "DatabaseConnections", values: about(2, 0), unit: "count", day: 140, week: 133 },
    { id: "CPUUtilization", values: about(4), unit: "percent", day: 35, week: 33 },
    { id: "WriteIOPS", values: about(2), unit: "per-second", day: 260 },
    { id: "WriteLatency", values: about(0.004), unit: "seconds", day: 0.003 },
    { id: "DiskQueueDepth", values: about(0.01), unit: "count", day: 0.4 },
  ],
});
