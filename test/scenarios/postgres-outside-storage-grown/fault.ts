import { aVolume } from "../../support/kind-scene.ts";
import { about, defineOutside } from "../support/outside.ts";
import { event } from "../support/rds.ts";

const gib = 1024 ** 3;
const low =
  "The free storage capacity for DB instance: scenario-db is low at 7% of the provisioned storage [Provisioned Storage: 100 GB, Free Storage: 7.02 GB]. You may want to increase the provisioned storage to address this issue.";

export const scenario = defineOutside({
  engine: "postgres",
  title: "No way in; an alarm on free storage, which autoscaling has made large again meanwhile",
  alarm: {
    metric: "FreeStorageSpace",
    comparison: "LessThanThreshold",
    threshold: 10 * gib,
    recentDatapoints: [7.1 * gib, 7 * gib, 6.9 * gib],
  },
  self: { storage: aVolume({ allocatedGib: 140, limitGib: 500 }) },
  measured: () => [
    {
      id: "FreeStorageSpace",
      values: [6.9, 6.9, 6.8, 6.8, 46.6, 46.6, 46.5, 46.5, 46.5, 46.4, 46.4, 46.4, 46.3, 46.3, 46.3].map(
        (free) => free * gib,
      ),
      unit: "bytes",
      day: 12 * gib,
      capacity: 140 * gib,
    },
    { id: "CPUUtilization", values: about(33), unit: "percent", day: 30, week: 31 },
    { id: "DBLoad", values: about(0.6), unit: "average-sessions", day: 0.6, capacity: 2 },
  ],
  rds: () => ({
    events: [
      event(
        11,
        ["configuration change"],
        "Finished applying autoscaling-initiated modification to allocated storage.",
      ),
      event(
        16,
        ["configuration change"],
        "Applying autoscaling-initiated modification to allocated storage.",
      ),
      event(25, ["low storage"], low),
    ],
  }),
});
