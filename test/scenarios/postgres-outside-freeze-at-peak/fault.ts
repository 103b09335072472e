import { about, defineOutside } from "../support/outside.ts";

export const scenario = defineOutside({
  engine: "postgres",
  title: "No way in; a vacuum against wraparound takes storage and CPU at the busiest hour",
  measured: () => [
    { id: "CPUUtilization", values: about(88, 0.04), unit: "percent", day: 46, week: 44 },
    { id: "DBLoadCPU", values: about(0.7), unit: "average-sessions", day: 0.8, capacity: 2 },
    { id: "DBLoad", values: about(6.2), unit: "average-sessions", day: 1.4, capacity: 2 },
    { id: "ReadLatency", values: about(0.05), unit: "seconds", day: 0.002, week: 0.002 },
    { id: "ReadIOPS", values: about(2800), unit: "per-second", day: 400, week: 420 },
    { id: "DiskQueueDepth", values: about(19), unit: "count", day: 1, week: 1 },
  ],
  rds: () => ({
    load: [
      {
        by: "wait-event",
        items: [
          { name: "IO:DataFileRead", id: null, load: 5.1, waits: [] },
          { name: "CPU", id: null, load: 0.7, waits: [] },
        ],
      },
      {
        by: "statement",
        items: [
          {
            name: "autovacuum: VACUUM public.ledger (to prevent wraparound)",
            id: null,
            load: 2.9,
            waits: [],
          },
          { name: "SELECT * FROM ledger WHERE account = $1", id: null, load: 2.4, waits: [] },
        ],
      },
    ],
  }),
});
