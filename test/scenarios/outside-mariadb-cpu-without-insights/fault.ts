import { calmRds, withoutInsights } from "../support/outside/calm.ts";
import { moves, steps, usual } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, instanceOf, nightlyBackup, told } from "../support/outside/described.ts";

const id = "school-db";

export const scenario = defineOutside({
  engine: "mariadb",
  title:
    "The CPU at 98 % since 25 minutes, no more bytes go over the network than as a rule, nobody can tell by which statement",
  world: (dice) => ({
    instances: [
      instanceOf(id, {
        Engine: "mariadb",
        EngineVersion: "10.11.9",
        DBInstanceClass: "db.m5.xlarge",
        PerformanceInsightsEnabled: false,
      }),
    ],
    metrics: withoutInsights({
      ...calmRds({
        engine: "mariadb",
        vcpus: 4,
        memoryGib: 16,
        freeGib: 95,
        connections: 88,
        cpu: 35,
        iops: 430,
      }),
      CPUUtilization: steps(35, dice.number(97, 99), 25),
      DatabaseConnections: moves(88, 171, 24),
      NetworkTransmitThroughput: steps(2.7e6, 2.3e6, 25),
      NetworkReceiveThroughput: steps(0.8e6, 0.7e6, 25),
      ReadIOPS: usual(172),
      WriteIOPS: steps(258, 201, 25),
    }),
    events: [
      told(
        id,
        305,
        "configuration change",
        "Updated parameter long_query_time to 2 with apply method immediate",
      ),
      ...nightlyBackup(id),
    ],
    load: null,
    alarm: above("CPUUtilization", 85, [96.8, 98.3, 98.9], 21),
    way: "probe-failed",
  }),
});
