import { calmRds } from "../support/outside/calm.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, instanceOf, nightlyBackup } from "../support/outside/described.ts";

const id = "office-db";
const day = 24 * 60;

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "Offices open: connections climb for an hour as every morning, hardly any works, and the alarm's threshold is low",
  world: (dice) => {
    const perMinute = dice.number(5, 7);
    // 40 before, and from then on so many more a minute; the same yesterday and a week ago.
    const ramp = (ago: number) => {
      const into = 60 - (ago % day);
      return ago % day > day - 90
        ? 40 + perMinute * Math.min(90, 60 + day - (ago % day))
        : 40 + perMinute * Math.max(0, into);
    };
    return {
      instances: [
        instanceOf(id, { Engine: "mysql", EngineVersion: "8.0.40", DBInstanceClass: "db.r6g.large" }),
      ],
      metrics: {
        ...calmRds({
          engine: "mysql",
          vcpus: 2,
          memoryGib: 16,
          freeGib: 141,
          connections: 300,
          cpu: 21,
          iops: 210,
        }),
        DatabaseConnections: ramp,
      },
      events: nightlyBackup(id),
      load: [],
      alarm: above("DatabaseConnections", 300, [310, 316, 322], 9, "Maximum"),
      way: "probe-failed",
    };
  },
});
