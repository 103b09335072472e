import { calmRds } from "../support/outside/calm.ts";
import { steps } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { below, instanceOf, nightlyBackup } from "../support/outside/described.ts";

const id = "checkout-db";

const instances = [
  instanceOf(id, {
    Engine: "mysql",
    EngineVersion: "8.4.5",
    MultiAZ: true,
    SecondaryAvailabilityZone: "eu-central-1c",
  }),
];

const calm = calmRds({
  engine: "mysql",
  vcpus: 2,
  memoryGib: 16,
  freeGib: 140,
  connections: 120,
  cpu: 41,
  iops: 600,
});

export const scenario = defineOutside({
  engine: "mysql",
  title: "The application is down and has no connections; an alarm on too few fires, the database is well",
  world: (dice) => {
    const minutes = dice.number(8, 12);
    return {
      instances,
      metrics: {
        ...calm,
        DatabaseConnections: steps(120, 2, minutes),
        CPUUtilization: steps(41, 3.4, minutes),
        ReadIOPS: steps(240, 1.2, minutes),
        WriteIOPS: steps(360, 5, minutes),
        ReadThroughput: steps(4.3e6, 9e3, minutes),
        WriteThroughput: steps(7.5e6, 61e3, minutes),
        NetworkReceiveThroughput: steps(1.1e6, 900, minutes),
        NetworkTransmitThroughput: steps(3.7e6, 6e3, minutes),
        DBLoad: steps(0.8, 0.01, minutes),
        DBLoadCPU: steps(0.6, 0.01, minutes),
        DBLoadNonCPU: steps(0.2, 0, minutes),
        DiskQueueDepth: steps(0.7, 0, minutes),
      },
      events: nightlyBackup(id),
      load: [],
      alarm: below("DatabaseConnections", 10, [2, 2, 2], minutes - 4),
      way: "probe-failed",
    };
  },
});
