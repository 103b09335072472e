import { calmRds } from "../support/outside/calm.ts";
import { usual } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, instanceOf, nightlyBackup } from "../support/outside/described.ts";

const id = "intranet-db";
const mib = 1024 ** 2;

const calm = calmRds({
  engine: "mariadb",
  vcpus: 2,
  memoryGib: 16,
  freeGib: 88,
  connections: 74,
  cpu: 22,
  iops: 180,
});

export const scenario = defineOutside({
  engine: "mariadb",
  title: "A new alarm on swap finds what has lain there untouched for weeks",
  world: (dice) => {
    const swapped = dice.number(840, 1120) * mib;
    return {
      instances: [
        instanceOf(id, { Engine: "mariadb", EngineVersion: "10.11.11", DBInstanceClass: "db.r6g.large" }),
      ],
      metrics: { ...calm, SwapUsage: usual(swapped), FreeableMemory: usual(1.9 * 1024 * mib) },
      events: nightlyBackup(id),
      load: [],
      alarm: above("SwapUsage", 256 * mib, [swapped, swapped, swapped], 6),
      way: "probe-failed",
    };
  },
});
