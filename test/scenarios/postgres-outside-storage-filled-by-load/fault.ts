import { aVolume } from "../../support/kind-scene.ts";
import { about, defineOutside, from } from "../support/outside.ts";

const gib = 1024 ** 3;

export const scenario = defineOutside({
  engine: "postgres",
  title: "No way in; a bulk load fills a volume whose size is not known, and keeps it busy",
  self: { storage: aVolume({ allocatedGib: null }) },
  measured: () => [
    {
      id: "FreeStorageSpace",
      values: from(61, 14, 22).map((free) => free * gib),
      unit: "bytes",
      day: 70 * gib,
    },
    { id: "WriteLatency", values: about(0.07), unit: "seconds", day: 0.003, week: 0.003 },
    { id: "WriteIOPS", values: about(2450), unit: "per-second", day: 240, week: 230 },
    { id: "DiskQueueDepth", values: about(31), unit: "count", day: 1 },
    { id: "CPUUtilization", values: about(41), unit: "percent", day: 18, week: 17 },
  ],
  rds: () => ({
    load: [
      {
        by: "wait-event",
        items: [
          { name: "IO:DataFileExtend", id: null, load: 1.7, waits: [] },
          { name: "CPU", id: null, load: 0.8, waits: [] },
        ],
      },
      {
        by: "statement",
        items: [
          { name: "COPY clickstream FROM STDIN", id: null, load: 2.1, waits: [] },
          { name: "SELECT * FROM sessions WHERE id = $1", id: null, load: 0.3, waits: [] },
        ],
      },
    ],
  }),
});
