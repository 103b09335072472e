import { calmRds, withoutInsights } from "../support/outside/calm.ts";
import { even, steps, turns } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, below, instanceOf, nightlyBackup } from "../support/outside/described.ts";
import { between } from "../support/outside/recurring.ts";

const id = "catalogue-search";

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "A rebuild of the search index reads 8000 IOPS for two hours; the small class may do 3600 for long, and its credits are spent",
  world: (dice) => {
    const began = dice.number(110, 116);
    const spent = 13;
    // The class sustains 3600 IOPS and 78.75 MB/s, and bursts to 20000 while it has credits.
    const since = (calm: number, bursting: number, held: number) =>
      even(turns(steps(calm, bursting, began), spent, held));
    return {
      instances: [
        instanceOf(id, {
          Engine: "postgres",
          EngineVersion: "15.10",
          DBInstanceClass: "db.m6g.large",
          AllocatedStorage: 500,
          Iops: 12_000,
          StorageThroughput: 500,
          PerformanceInsightsEnabled: false,
        }),
      ],
      metrics: {
        ...withoutInsights(
          calmRds({
            engine: "postgres",
            vcpus: 2,
            memoryGib: 8,
            connections: 61,
            cpu: 23,
            iops: 740,
            freeGib: 214,
          }),
        ),
        ReadIOPS: since(300, 8020, 3180),
        WriteIOPS: since(440, 590, 420),
        ReadThroughput: since(5.3e6, 66e6, 26e6),
        WriteThroughput: since(9e6, 11.6e6, 8.3e6),
        ReadLatency: turns(steps(0.0007, 0.0009, began), spent, 0.0131),
        WriteLatency: turns(steps(0.0015, 0.0016, began), spent, 0.0142),
        DiskQueueDepth: turns(steps(0.9, 8.1, began), spent, 47.6),
        CPUUtilization: turns(steps(23, 66, began), spent, 34),
        NetworkTransmitThroughput: turns(steps(1.9e6, 9.4e6, began), spent, 4.1e6),
        "EBSIOBalance%": between(began, spent, 99, 0),
        "EBSByteBalance%": between(began, 0, 99, 91),
      },
      events: nightlyBackup(id),
      alarm: above("ReadLatency", 0.01, [0.0119, 0.0131, 0.0134], 9),
      alsoAlarms: [below("EBSIOBalance%", 20, [19.6, 18.8, 18.1], 33)],
      way: "probe-failed",
    };
  },
});
