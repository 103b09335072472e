import { calmRds } from "../support/outside/calm.ts";
import { moves, steps } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, instanceOf, nightlyBackup } from "../support/outside/described.ts";

const id = "search-index";

const instances = [
  instanceOf(id, {
    Engine: "mysql",
    EngineVersion: "8.0.42",
    DBInstanceClass: "db.m6i.large",
    AllocatedStorage: 500,
    Iops: 12_000,
    StorageThroughput: 500,
  }),
];

const calm = calmRds({
  engine: "mysql",
  vcpus: 2,
  memoryGib: 8,
  freeGib: 240,
  connections: 75,
  cpu: 38,
  iops: 1900,
});

export const scenario = defineOutside({
  engine: "mysql",
  title: "A gp3 volume of 12,000 IOPS behind a db.m6i.large: the class's own EBS burst is used up",
  world: (dice) => {
    const latency = dice.number(24, 34) / 1000;
    return {
      instances,
      metrics: {
        ...calm,
        // The class may do 3,600 I/Os a second for good and 40,000 for half an hour a day.
        "EBSIOBalance%": (ago) => (ago > 70 ? 99 : ago > 14 ? moves(99, 0, 56)(ago - 14) : 0),
        "EBSByteBalance%": (ago) => (ago > 70 ? 99 : moves(99, 72, 70)(ago)),
        ReadIOPS: (ago) => (ago > 70 ? 760 : ago > 14 ? 5900 : 2380),
        WriteIOPS: (ago) => (ago > 70 ? 1140 : ago > 14 ? 1900 : 1210),
        ReadThroughput: (ago) => (ago > 70 ? 13e6 : ago > 14 ? 96e6 : 39e6),
        ReadLatency: steps(0.0008, latency, 14),
        WriteLatency: steps(0.0015, latency * 1.2, 14),
        DiskQueueDepth: steps(2.4, 97, 14),
        DBLoad: steps(1.2, 24, 14),
        DBLoadCPU: steps(0.7, 0.8, 14),
        DBLoadNonCPU: steps(0.4, 23, 14),
      },
      events: nightlyBackup(id),
      load: [],
      alarm: above("ReadLatency", 0.02, [latency, latency], 10),
      way: "probe-failed",
    };
  },
});
