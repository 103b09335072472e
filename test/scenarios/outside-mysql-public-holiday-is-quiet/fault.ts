import { calmRds, withoutInsights } from "../support/outside/calm.ts";
import { usual } from "../support/outside/curves.ts";
import { daysApart } from "../support/outside/days-apart.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { below, instanceOf, nightlyBackup, told } from "../support/outside/described.ts";

const id = "payroll-portal";

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "Nothing is wrong: it is a public holiday, a third of the clients of an office day are there since the morning, and the alarm of too few connections fires",
  world: (dice) => {
    const quiet = dice.number(33, 36) / 100;
    const calm = withoutInsights(
      calmRds({
        engine: "mysql",
        vcpus: 2,
        memoryGib: 8,
        freeGib: 91,
        connections: 118,
        cpu: 34,
        iops: 620,
      }),
    );
    const follows = /CPU|Connections|IOPS|Throughput|Queue/;
    return {
      instances: [
        instanceOf(id, {
          Engine: "mysql",
          EngineVersion: "8.0.40",
          DBInstanceClass: "db.m6g.large",
          MultiAZ: true,
          PerformanceInsightsEnabled: false,
        }),
      ],
      metrics: Object.fromEntries(
        Object.entries(calm).map(([name, curve]) => {
          if (!follows.test(name)) return [name, curve];
          const full = curve(0) ?? 0;
          return [name, daysApart(usual(full * quiet), full * 0.97, full)];
        }),
      ),
      events: [
        told(
          id,
          1010,
          "notification",
          "A minor version upgrade is available for your DB instance engine version 8.0.40.",
        ),
        ...nightlyBackup(id),
      ],
      load: null,
      alarm: below("DatabaseConnections", 60, [42, 41, 42], 55),
      way: "probe-failed",
    };
  },
});
