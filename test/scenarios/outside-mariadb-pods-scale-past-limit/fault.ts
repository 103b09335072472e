import { calmRds, withoutInsights } from "../support/outside/calm.ts";
import { type Curve, moves, steps, usual } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, instanceOf, nightlyBackup } from "../support/outside/described.ts";

const id = "tickets-db";

/** Six pods with nine connections each, one pod more a minute, until the server takes no more: 4 GiB allow 151. */
const pods: Curve = Object.assign(
  (ago: number) => Math.min(151, 54 + 9 * Math.max(0, Math.floor(23 - ago))),
  { rough: 0 },
);

export const scenario = defineOutside({
  engine: "mariadb",
  title: "The autoscaler starts pods with a pool each; at 151 connections the line goes flat",
  world: (dice) => ({
    instances: [
      instanceOf(id, {
        Engine: "mariadb",
        EngineVersion: "10.6.20",
        DBInstanceClass: "db.t3.medium",
        AllocatedStorage: 100,
        PerformanceInsightsEnabled: false,
      }),
    ],
    metrics: withoutInsights({
      ...calmRds({
        engine: "mariadb",
        vcpus: 2,
        memoryGib: 4,
        freeGib: 61,
        connections: 54,
        cpu: 22,
        iops: 160,
      }),
      DatabaseConnections: pods,
      ConnectionAttempts: moves(9, dice.number(360, 440), 12),
      CPUUtilization: steps(22, 34, 14),
      CPUCreditBalance: usual(571),
      FreeableMemory: moves(0.88 * 1024 ** 3, 0.69 * 1024 ** 3, 22),
      NetworkTransmitThroughput: moves(1.7e6, 2.4e6, 20),
    }),
    events: nightlyBackup(id),
    load: null,
    alarm: above("DatabaseConnections", 130, [135, 144, 151], 10, "Maximum"),
    way: "probe-failed",
  }),
});
