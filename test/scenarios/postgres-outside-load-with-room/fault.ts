import { aVolume } from "../../support/kind-scene.ts";
import { about, defineOutside, from } from "../support/outside.ts";

const gib = 1024 ** 3;

export const scenario = defineOutside({
  engine: "postgres",
  title: "No way in; the nightly load writes as fast as every night, and there is room for it",
  self: { storage: aVolume({ allocatedGib: 500 }) },
  measured: () => [
    {
      id: "FreeStorageSpace",
      values: from(304, 14, 296).map((free) => free * gib),
      unit: "bytes",
      day: 310 * gib,
      capacity: 500 * gib,
    },
    { id: "WriteLatency", values: about(0.011), unit: "seconds", day: 0.012, week: 0.011 },
    { id: "WriteIOPS", values: about(1900), unit: "per-second", day: 1850, week: 1880 },
    { id: "DiskQueueDepth", values: about(9), unit: "count", day: 9, week: 9 },
    { id: "CPUUtilization", values: about(38), unit: "percent", day: 36, week: 39 },
  ],
  rds: () => ({
    load: [
      { by: "statement", items: [{ name: "COPY clickstream FROM STDIN", id: null, load: 1.4, waits: [] }] },
    ],
  }),
});
