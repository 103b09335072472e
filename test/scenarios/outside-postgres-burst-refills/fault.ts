import { calmRds } from "../support/outside/calm.ts";
import { even, usual } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { below, instanceOf, loadOf, nightlyBackup } from "../support/outside/described.ts";

const id = "crm";

const instances = [
  instanceOf(id, {
    Engine: "postgres",
    EngineVersion: "15.12",
    DBInstanceClass: "db.m5.large",
    AllocatedStorage: 220,
    StorageType: "gp2",
    Iops: undefined,
    StorageThroughput: undefined,
  }),
];

const calm = calmRds({
  engine: "postgres",
  vcpus: 2,
  memoryGib: 8,
  freeGib: 118,
  connections: 61,
  cpu: 23,
  iops: 260,
});

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "The night's import spent a good half of the burst balance, as every night; it has been filling since",
  world: (dice) => {
    const since = dice.number(185, 205);
    // Every night: down within an hour, and up again through the morning.
    const balance = (ago: number) => {
      const now = (since - (ago % 1440) + 1440) % 1440;
      return now < 1380 ? Math.min(100, 44 + now * 0.14) : 100 - (now - 1380) * 0.93;
    };
    return {
      instances,
      metrics: {
        ...calm,
        BurstBalance: even(balance),
        "EBSIOBalance%": usual(99),
        ReadIOPS: (ago) => usual(Math.abs((ago % 1440) - since - 30) < 30 ? 1350 : 104)(ago),
        WriteIOPS: (ago) => usual(Math.abs((ago % 1440) - since - 30) < 30 ? 900 : 156)(ago),
      },
      events: nightlyBackup(id),
      load: loadOf(
        { CPU: 0.31, "IO:DataFileRead": 0.06, "IO:XactSync": 0.03 },
        [
          {
            sql: "SELECT * FROM contacts WHERE account_id = $1",
            waits: { CPU: 0.14, "IO:DataFileRead": 0.04 },
          },
          { sql: "COMMIT", waits: { "IO:XactSync": 0.03 } },
        ],
        { crm: 0.4 },
      ),
      alarm: { ...below("BurstBalance", 50, [49.2, 47.6, 45.1], since + 3), state: "OK" },
      way: "probe-failed",
    };
  },
});
