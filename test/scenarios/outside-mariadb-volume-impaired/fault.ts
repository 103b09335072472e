import { calmRds } from "../support/outside/calm.ts";
import { moves, steps } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, instanceOf, nightlyBackup } from "../support/outside/described.ts";

const id = "loyalty-db";

const instances = [
  instanceOf(id, { Engine: "mariadb", EngineVersion: "10.11.11", DBInstanceClass: "db.r6g.xlarge" }),
];

const calm = calmRds({
  engine: "mariadb",
  vcpus: 4,
  memoryGib: 32,
  freeGib: 118,
  connections: 140,
  cpu: 28,
  iops: 900,
});

export const scenario = defineOutside({
  engine: "mariadb",
  title: "The volume hardly answers: a handful of I/Os a second, each takes seconds, and the queue grows",
  world: (dice) => {
    const minutes = dice.number(6, 9);
    const seconds = dice.number(31, 58) / 10;
    return {
      instances,
      metrics: {
        ...calm,
        ReadIOPS: steps(360, 3, minutes),
        WriteIOPS: steps(540, 6, minutes),
        ReadThroughput: steps(6.4e6, 49e3, minutes),
        WriteThroughput: steps(11e6, 98e3, minutes),
        ReadLatency: steps(0.0007, seconds * 0.7, minutes),
        WriteLatency: steps(0.0015, seconds, minutes),
        DiskQueueDepth: moves(1, 68, minutes),
        CPUUtilization: steps(28, 6, minutes),
        DatabaseConnections: moves(140, 331, minutes),
        DBLoad: moves(1.1, 190, minutes),
        DBLoadCPU: steps(0.9, 0.15, minutes),
        DBLoadNonCPU: moves(0.2, 190, minutes),
      },
      events: nightlyBackup(id),
      load: [],
      alarm: above("WriteLatency", 0.1, [seconds, seconds], 4),
      way: "silent",
    };
  },
});
