import { calmRds } from "../support/outside/calm.ts";
import { even, usual } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { below, instanceOf, nightlyBackup } from "../support/outside/described.ts";

const id = "wiki-db";

const calm = calmRds({
  engine: "postgres",
  vcpus: 2,
  memoryGib: 4,
  freeGib: 61,
  connections: 24,
  cpu: 46,
  iops: 160,
});

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "A t4g without credits, as every day at this hour: it runs in unlimited mode and is billed, not slowed",
  world: (dice) => {
    const surplus = dice.number(180, 320);
    return {
      instances: [
        instanceOf(id, {
          Engine: "postgres",
          EngineVersion: "16.8",
          DBInstanceClass: "db.t4g.medium",
          AllocatedStorage: 100,
        }),
      ],
      metrics: {
        ...calm,
        CPUCreditBalance: () => 0,
        CPUCreditUsage: usual(4.6),
        CPUSurplusCreditBalance: even(usual(surplus)),
        CPUSurplusCreditsCharged: () => 0,
      },
      events: nightlyBackup(id),
      load: [],
      alarm: below("CPUCreditBalance", 20, [0, 0, 0], 14),
      way: "probe-failed",
    };
  },
});
