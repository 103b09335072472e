import { calmRds } from "../support/outside/calm.ts";
import { moves } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, instanceOf, nightlyBackup, told } from "../support/outside/described.ts";

const id = "crm-prod";

const calm = calmRds({
  engine: "postgres",
  vcpus: 2,
  memoryGib: 16,
  freeGib: 120,
  connections: 130,
  cpu: 29,
  iops: 260,
});

export const scenario = defineOutside({
  engine: "postgres",
  title: "Connections climb in a straight line since the deployment of this morning, and nothing else moves",
  world: (dice) => {
    const perHour = dice.number(145, 165);
    const hours = 6;
    return {
      instances: [
        instanceOf(id, { Engine: "postgres", EngineVersion: "15.12", DBInstanceClass: "db.r6g.large" }),
      ],
      metrics: {
        ...calm,
        // 130 yesterday and last week at this hour; some 1,060 of about 1,650 by now.
        DatabaseConnections: (ago) =>
          ago > 24 * 60 - 30 ? 130 : moves(130, 130 + hours * perHour, hours * 60)(ago),
        FreeableMemory: (ago) => (ago > 24 * 60 - 30 ? 3.6e9 : moves(3.6e9, 1.9e9, hours * 60)(ago)),
      },
      events: nightlyBackup(id).concat(
        told(id, 60 * 23, "notification", "A new minor version is available."),
      ),
      load: [],
      alarm: above("DatabaseConnections", 900, [901, 904, 907], 58, "Maximum"),
      way: "probe-failed",
    };
  },
});
