import { calmRds } from "../support/outside/calm.ts";
import { usual } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, instanceOf, nightlyBackup } from "../support/outside/described.ts";

const id = "invoicing";

export const scenario = defineOutside({
  engine: "mariadb",
  title:
    "The nightly run takes the CPU to 86 % as it did yesterday and a week ago, and everything answers as fast",
  world: (dice) => {
    const cpu = dice.number(83, 87);
    return {
      instances: [
        instanceOf(id, { Engine: "mariadb", EngineVersion: "11.4.5", DBInstanceClass: "db.r6g.xlarge" }),
      ],
      metrics: {
        ...calmRds({
          engine: "mariadb",
          vcpus: 4,
          memoryGib: 32,
          freeGib: 77,
          connections: 64,
          cpu,
          iops: 1500,
        }),
        DBLoad: usual(3.6),
        DBLoadCPU: usual(3.1),
        DBLoadNonCPU: usual(0.5),
      },
      events: nightlyBackup(id),
      load: [],
      alarm: above("CPUUtilization", 80, [84, 85, 86], 12),
      way: "probe-failed",
    };
  },
});
