import { about, defineOutside } from "../support/outside.ts";

export const scenario = defineOutside({
  engine: "mariadb",
  title: "No way in; nobody writes at night, and the one write of a minute met a slow moment of the disk",
  measured: () => [
    { id: "WriteIOPS", values: about(1.4), unit: "per-second", day: 1.5, week: 1.3 },
    { id: "WriteLatency", values: about(0.04, 0.3), unit: "seconds", day: 0.009, week: 0.01 },
    { id: "DiskQueueDepth", values: about(0.06), unit: "count", day: 0.05, week: 0.05 },
    { id: "ReadIOPS", values: about(0.4), unit: "per-second", day: 0.5 },
    { id: "CPUUtilization", values: about(3), unit: "percent", day: 3, week: 3 },
    { id: "DatabaseConnections", values: about(40, 0), unit: "count", day: 41 },
  ],
});
