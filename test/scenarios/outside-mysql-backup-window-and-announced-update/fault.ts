import { calmRds } from "../support/outside/calm.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, ago, instanceOf, region, told } from "../support/outside/described.ts";

const id = "blog-prod";

const instances = [
  instanceOf(id, {
    Engine: "mysql",
    EngineVersion: "8.0.40",
    DBInstanceStatus: "backing-up",
    AvailabilityZone: `${region}a`,
  }),
];

const maintenance = [
  {
    resource: id,
    action: "system-update",
    description: "New Operating System update is available",
    optIn: null,
    autoAppliedAfter: ago(-8 * 24 * 60).toISOString(),
    forcedAt: null,
    appliesAt: ago(-8 * 24 * 60).toISOString(),
  },
];

const calm = calmRds({
  engine: "mysql",
  vcpus: 2,
  memoryGib: 16,
  freeGib: 133,
  connections: 38,
  cpu: 18,
  iops: 160,
});

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "The backup window of a single-AZ instance: writes take 30 ms as every night; an update is announced for next week",
  world: (dice) => {
    const latency = dice.number(26, 34) / 1000;
    return {
      instances,
      maintenance,
      metrics: {
        ...calm,
        // The same minutes of every night.
        WriteLatency: (minutes) => (minutes % (24 * 60) < 7 ? latency : 0.0014),
        ReadLatency: (minutes) => (minutes % (24 * 60) < 7 ? latency / 3 : 0.0008),
        DiskQueueDepth: (minutes) => (minutes % (24 * 60) < 7 ? 2.9 : 0.2),
      },
      events: [
        told(id, 6, "backup", "Backing up DB instance"),
        told(
          id,
          60 * 22,
          "notification",
          "A system update is available for the DB instance. To apply the update now or schedule it, see the pending maintenance.",
        ),
      ],
      load: [],
      alarm: above("WriteLatency", 0.02, [latency, latency, latency], 3),
      way: "probe-failed",
    };
  },
});
