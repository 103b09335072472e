import { calmRds, withoutInsights } from "../support/outside/calm.ts";
import { byHour, type Curve, even, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, below, instanceOf, nightlyBackup, told } from "../support/outside/described.ts";

const id = "catalog-mariadb";

export const scenario = defineOutside({
  engine: "mariadb",
  title:
    "A stock export reads at 2600 IOPS for 49 minutes and uses up the credits of 250 GiB of gp2: since then all share 750 IOPS, and a read takes 31 ms",
  world: (dice) => {
    const empty = dice.number(19, 22);
    const began = empty + 49;
    const three =
      (before: Curve, burst: number, after: number): Curve =>
      (ago) =>
        ago > began ? before(ago) : ago > empty ? burst : after;
    return {
      instances: [
        instanceOf(id, {
          Engine: "mariadb",
          EngineVersion: "10.6.19",
          DBInstanceClass: "db.m5.large",
          AllocatedStorage: 250,
          StorageType: "gp2",
          Iops: undefined,
          StorageThroughput: undefined,
          PerformanceInsightsEnabled: false,
        }),
      ],
      metrics: withoutInsights({
        ...withDays(
          calmRds({
            engine: "mariadb",
            vcpus: 2,
            memoryGib: 8,
            freeGib: 71,
            connections: 92,
            cpu: 38,
            iops: 590,
          }),
        ),
        BurstBalance: (ago) =>
          ago > began ? 100 : ago > empty ? 100 - (100 * (began - ago)) / (began - empty) : 0,
        ReadIOPS: even(three(byHour(380), 2050, 500)),
        WriteIOPS: even(three(byHour(210), 550, 250)),
        ReadThroughput: three(byHour(7e6), 35e6, 8.3e6),
        WriteThroughput: three(byHour(4.4e6), 11e6, 5.2e6),
        ReadLatency: three(byHour(0.0009, 0.05), 0.0012, 0.031),
        WriteLatency: three(byHour(0.0016, 0.05), 0.0021, 0.027),
        DiskQueueDepth: three(byHour(0.7), 3.6, 22.2),
        CPUUtilization: three(byHour(38), 56, 25),
        DatabaseConnections: three(byHour(92), 97, 163),
      }),
      events: [
        told(
          id,
          empty + 11,
          "notification",
          "The gp2 burst balance credits for the RDS database instance are low. To resolve this issue, reduce IOPS usage or modify your storage settings to enable higher performance.",
        ),
        ...nightlyBackup(id),
      ],
      load: null,
      alarm: above("ReadLatency", 0.02, [0.0288, 0.0317, 0.0309], empty - 4),
      alsoAlarms: [
        above("DiskQueueDepth", 10, [19.8, 22.4, 21.7], empty - 5),
        below("BurstBalance", 20, [19.4, 17.1, 15.2], empty + 7),
      ],
      way: "probe-failed",
    };
  },
});
