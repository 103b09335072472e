import { calmAurora, calmReader } from "../support/outside/calm.ts";
import { type Curve, during } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, clusterOf, instanceOf } from "../support/outside/described.ts";

const id = "booking-1";
const reader = "booking-2";
const gib = 1024 ** 3;

const calm = calmAurora({
  engine: "postgres",
  vcpus: 4,
  memoryGib: 32,
  connections: 148,
  cpu: 27,
  iops: 600,
});

export const scenario = defineOutside({
  engine: "postgres",
  title: "A rolling release had the old and the new pools open for some minutes; the old ones are gone again",
  world: (dice) => {
    const since = dice.number(13, 15);
    const until = dice.number(5, 7);
    const doubled = (inside: number, outside: number): Curve => during(since, until, inside, outside);
    const of = {
      Engine: "aurora-postgresql",
      EngineVersion: "16.6",
      DBInstanceClass: "db.r6g.xlarge",
      DBClusterIdentifier: "booking",
    };
    return {
      instances: [instanceOf(id, of), instanceOf(reader, of)],
      cluster: clusterOf("booking", [id, reader], { Engine: "aurora-postgresql", EngineVersion: "16.6" }),
      metrics: {
        ...calm,
        ...calmReader(reader, 32),
        DatabaseConnections: doubled(289, 148),
        CPUUtilization: doubled(34, 27),
        NetworkReceiveThroughput: doubled(1.9e6, 1.3e6),
        FreeableMemory: doubled(6.4 * gib, 7 * gib),
      },
      events: [],
      load: [],
      alarm: { ...above("DatabaseConnections", 250, [291, 287, 290], 11), state: "OK" },
      way: "probe-failed",
    };
  },
});
