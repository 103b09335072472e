import { about, defineOutside, from } from "../support/outside.ts";

export const scenario = defineOutside({
  engine: "postgres",
  title: "No way in; the count of connections climbs for an hour and more, and nobody works on them",
  alarm: {
    metric: "DatabaseConnections",
    comparison: "GreaterThanThreshold",
    threshold: 1200,
    recentDatapoints: [1204, 1221, 1238],
  },
  measured: () => [
    { id: "DatabaseConnections", values: from(1190, 14, 1420), unit: "count", day: 310, week: 295 },
    { id: "DBLoad", values: about(0.4), unit: "average-sessions", day: 0.5, capacity: 2 },
    { id: "CPUUtilization", values: about(14), unit: "percent", day: 12, week: 13 },
  ],
});
