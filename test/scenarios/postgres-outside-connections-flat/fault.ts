import { about, defineOutside } from "../support/outside.ts";

export const scenario = defineOutside({
  engine: "postgres",
  title: "No way in; an alarm on connections at 64 % of the limit, as many as every day, with little load",
  alarm: {
    metric: "DatabaseConnections",
    comparison: "GreaterThanOrEqualToThreshold",
    threshold: 1000,
    recentDatapoints: [1012, 1049, 1031],
  },
  measured: () => [
    { id: "DatabaseConnections", values: about(1040), unit: "count", day: 1015, week: 990 },
    { id: "DBLoad", values: about(0.7, 0.3), unit: "average-sessions", day: 0.8, capacity: 2 },
    { id: "CPUUtilization", values: about(22), unit: "percent", day: 24, week: 21 },
    { id: "WriteLatency", values: about(0.002), unit: "seconds", day: 0.002 },
  ],
});
