import { calmRds } from "../support/outside/calm.ts";
import { turns, usual, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, instanceOf, loadOf, nightlyBackup } from "../support/outside/described.ts";
import { noSlotLeft } from "../support/outside/first-answers.ts";
import { errorLog } from "../support/outside/postgres-log.ts";
import { everySoOften } from "../support/outside/refusals.ts";
import { jumps } from "../support/outside/server-stopped.ts";

const id = "cards-api";
const full =
  'FATAL:  remaining connection slots are reserved for roles with privileges of the "pg_use_reserved_connections" role';

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "A burst of downloads starts Lambdas by the hundred, one connection each; in two minutes every slot of a db.t4g.small is taken",
  world: (dice) => {
    const since = dice.number(8, 11);
    const calm = withDays(
      calmRds({
        engine: "postgres",
        vcpus: 2,
        memoryGib: 2,
        freeGib: 14,
        connections: 31,
        cpu: 17,
        iops: 70,
      }),
    );
    const burst = jumps(31, since, 190);
    return {
      instances: [
        instanceOf(id, {
          Engine: "postgres",
          EngineVersion: "16.3",
          DBInstanceClass: "db.t4g.small",
          AllocatedStorage: 30,
          DBName: "cards",
        }),
      ],
      metrics: {
        ...calm,
        CPUCreditBalance: usual(571),
        CPUCreditUsage: turns(usual(0.9), since, 4.1),
        CPUUtilization: turns(usual(17), since, 52),
        DatabaseConnections: Object.assign(
          (ago: number) => (ago > since - 2 && ago <= since ? 124 : burst(ago)),
          { rough: 0 },
        ),
        FreeableMemory: turns(usual(0.61 * 1024 ** 3), since, 0.29 * 1024 ** 3),
        DBLoad: turns(usual(0.4), since, 1.8),
        DBLoadCPU: turns(usual(0.3), since, 1.3),
        DBLoadNonCPU: turns(usual(0.1), since, 0.5),
      },
      events: nightlyBackup(id),
      load: loadOf(
        { CPU: 1.3, "Client:ClientRead": 0.4 },
        [{ sql: "SELECT media_key, bytes FROM catalog_media WHERE card_id = $1", waits: { CPU: 0.9 } }],
        { catalog_lambda: 1.5, auth_lambda: 0.2 },
      ),
      logs: [
        errorLog(
          [
            ...everySoOften(
              { from: since - 2, to: 1, apart: 0.12 },
              { host: "10.12.7.90", user: "catalog_lambda", database: "cards" },
              [full],
            ),
            ...everySoOften(
              { from: since - 2.2, to: 1, apart: 0.9 },
              { host: "10.12.8.14", user: "auth_lambda", database: "cards" },
              [full],
            ),
          ].sort(),
          1,
        ),
      ],
      alarm: above("DatabaseConnections", 150, [188, 190, 190], since - 4, "Maximum"),
      way: "probe-failed",
      inPart: noSlotLeft(full.slice(8)),
    };
  },
});
