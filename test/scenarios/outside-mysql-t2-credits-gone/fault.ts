import { calmRds } from "../support/outside/calm.ts";
import { even, moves, steps } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { below, instanceOf, nightlyBackup } from "../support/outside/described.ts";

const id = "wiki";

const instances = [
  instanceOf(id, {
    Engine: "mysql",
    EngineVersion: "8.0.40",
    DBInstanceClass: "db.t2.medium",
    PerformanceInsightsEnabled: false,
    MonitoringInterval: 0,
  }),
];

const calm = calmRds({
  engine: "mysql",
  vcpus: 2,
  memoryGib: 4,
  freeGib: 130,
  connections: 24,
  cpu: 16,
  iops: 90,
});

export const scenario = defineOutside({
  engine: "mysql",
  title: "A db.t2.medium out of CPU credits: held at 20 %, which looks idle, while everything queues",
  world: (dice) => {
    const load = dice.number(11, 16);
    return {
      instances,
      metrics: {
        ...calm,
        CPUUtilization: even((ago) => (ago > 95 ? 16 : ago > 14 ? 71 : 20)),
        // Every five minutes one.
        CPUCreditBalance: (ago) =>
          Math.round(ago) % 5 !== 0 ? null : ago > 95 ? 576 : ago > 14 ? moves(410, 0, 81)(ago - 14) : 0,
        DatabaseConnections: steps(24, 24 + load * 4, 13),
        NetworkTransmitThroughput: steps(700e3, 190e3, 14),
        ReadIOPS: steps(36, 31, 14),
        DBLoad: () => null,
        DBLoadCPU: () => null,
        DBLoadNonCPU: () => null,
      },
      events: nightlyBackup(id),
      load: null,
      alarm: below("CPUCreditBalance", 20, [12, 4], 12),
      way: "silent",
    };
  },
});
