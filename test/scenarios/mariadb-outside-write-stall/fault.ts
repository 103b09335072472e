import { about, defineOutside } from "../support/outside.ts";

export const scenario = defineOutside({
  engine: "mariadb",
  title: "No way in; writes have all but ended, those that wait take seconds, and the queue stands",
  measured: () => [
    {
      id: "WriteIOPS",
      values: [410, 432, 398, 421, 405, 388, 140, 22, 6, 3, 2, 1, 2, 1, 1],
      unit: "per-second",
      day: 415,
      week: 402,
    },
    {
      id: "WriteLatency",
      values: [0.003, 0.003, 0.002, 0.003, 0.003, 0.004, 0.09, 0.7, 1.8, 2.6, 3.4, 4.1, 4.4, 4.8, 5.1],
      unit: "seconds",
      day: 0.003,
      week: 0.003,
    },
    {
      id: "DiskQueueDepth",
      values: [1, 1, 1, 1, 1, 2, 9, 21, 28, 33, 37, 40, 41, 43, 44],
      unit: "count",
      day: 1,
      week: 1,
    },
    { id: "ReadIOPS", values: about(35), unit: "per-second", day: 60 },
    { id: "ReadLatency", values: about(0.002), unit: "seconds", day: 0.001 },
    { id: "CPUUtilization", values: about(6), unit: "percent", day: 28, week: 27 },
    { id: "DatabaseConnections", values: about(96), unit: "count", day: 90 },
  ],
});
