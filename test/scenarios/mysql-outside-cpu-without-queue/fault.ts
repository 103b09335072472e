import { about, defineOutside } from "../support/outside.ts";

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "No way in; an alarm on a CPU that is busy while hardly a session wants it and nothing else is short",
  alarm: {
    metric: "CPUUtilization",
    comparison: "GreaterThanThreshold",
    threshold: 80,
    recentDatapoints: [84, 86, 85],
  },
  measured: () => [
    { id: "CPUUtilization", values: about(85, 0.04), unit: "percent", day: 58, week: 60 },
    { id: "DBLoadCPU", values: about(0.5), unit: "average-sessions", day: 0.5, capacity: 2 },
    { id: "DBLoad", values: about(0.6), unit: "average-sessions", day: 0.7, capacity: 2 },
    { id: "ReadLatency", values: about(0.001), unit: "seconds", day: 0.001 },
    { id: "ReadIOPS", values: about(200), unit: "per-second", day: 190 },
    { id: "DatabaseConnections", values: about(120), unit: "count", day: 118, week: 121 },
  ],
});
