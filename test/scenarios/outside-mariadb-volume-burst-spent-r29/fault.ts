import { calmRds, withoutInsights } from "../support/outside/calm.ts";
import { even, steps, usual } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, instanceOf, nightlyBackup } from "../support/outside/described.ts";
import { between } from "../support/outside/recurring.ts";

const id = "accounting-maria";

/** Calm, then what the import asks for, then what the volume gives. */
function threeTimes(calm: number, busy: number, held: number, [began, spent]: readonly [number, number]) {
  return (back: number) => (back > began ? (usual(calm)(back) ?? calm) : back > spent ? busy : held);
}

export const scenario = defineOutside({
  engine: "mariadb",
  title:
    "An import of two hours spent the burst credits of a gp2 volume of 120 GiB: since half an hour it gives its 360 IOPS and no more",
  world: (dice) => {
    const spent = dice.number(29, 33);
    const began = spent + 94;
    const when = [began, spent] as const;
    const before = withoutInsights(
      calmRds({
        engine: "mariadb",
        vcpus: 2,
        memoryGib: 8,
        freeGib: 47,
        connections: 74,
        cpu: 24,
        iops: 210,
      }),
    );
    return {
      instances: [
        instanceOf(id, {
          Engine: "mariadb",
          EngineVersion: "10.11.9",
          DBInstanceClass: "db.m5.large",
          AllocatedStorage: 120,
          StorageType: "gp2",
          Iops: 360,
          StorageThroughput: 0,
          PerformanceInsightsEnabled: false,
        }),
      ],
      metrics: {
        ...before,
        CPUUtilization: threeTimes(24, 46, 17, when),
        DatabaseConnections: threeTimes(74, 79, 104, when),
        BurstBalance: even((back) => between(began, spent, 88, 0)(back)),
        ReadIOPS: even(threeTimes(84, 820, 246, when)),
        WriteIOPS: even(threeTimes(126, 380, 114, when)),
        ReadThroughput: threeTimes(1.5e6, 13.4e6, 4.0e6, when),
        WriteThroughput: threeTimes(2.6e6, 7.9e6, 2.4e6, when),
        ReadLatency: threeTimes(0.0008, 0.0011, 0.056, when),
        WriteLatency: threeTimes(0.0014, 0.0019, 0.049, when),
        DiskQueueDepth: threeTimes(0.26, 1.6, 19.4, when),
        FreeStorageSpace: between(began, 0, 47 * 1024 ** 3, 44 * 1024 ** 3),
        SwapUsage: steps(6e6, 6.4e6, began),
      },
      events: nightlyBackup(id),
      load: null,
      alarm: above("ReadLatency", 0.02, [0.051, 0.058, 0.055], spent - 4),
      alsoAlarms: [above("DiskQueueDepth", 10, [18.2, 19.9, 19.1], spent - 5)],
      way: "probe-failed",
    };
  },
});
