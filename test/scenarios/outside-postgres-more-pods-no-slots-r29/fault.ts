import { calmRds } from "../support/outside/calm.ts";
import { even, steps, usual, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, instanceOf, loadOf, nightlyBackup } from "../support/outside/described.ts";
import { noSlotLeft } from "../support/outside/first-answers.ts";
import { errorLog, logged } from "../support/outside/postgres-log.ts";
import { between } from "../support/outside/recurring.ts";

const id = "warehouse-pg";
const refused =
  "FATAL:  remaining connection slots are reserved for non-replication superuser and rds_superuser connections";

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "inventory_api was scaled from 6 to 18 pods with a pool of 20 each: within six minutes it took all 398 slots, and nobody else gets in",
  world: (dice) => {
    const since = dice.number(18, 20);
    const full = since - 6;
    const before = withDays(
      calmRds({
        engine: "postgres",
        vcpus: 2,
        memoryGib: 4,
        freeGib: 61,
        connections: 164,
        cpu: 27,
        iops: 240,
      }),
    );
    const newcomers = Array.from({ length: 228 }, (_, index) => {
      const client = {
        host: `10.4.${40 + (index % 12)}.${11 + (index % 7)}(${40_100 + index * 13})`,
        user: "inventory_api",
        database: "warehouse",
        pid: 21_000 + index,
      };
      const at = since - (index * 6) / 228;
      return logged(
        at,
        client,
        "LOG:  connection authorized: user=inventory_api database=warehouse application_name=inventory SSL enabled (protocol=TLSv1.3, cipher=TLS_AES_256_GCM_SHA384, bits=256)",
      );
    });
    const others = ["storefront", "picking", "inventory_api", "storefront"];
    const turnedAway = Array.from({ length: 48 }, (_, index) => {
      const user = others[index % 4] ?? "storefront";
      const client = {
        host: `10.4.18.${20 + (index % 9)}(${52_000 + index * 11})`,
        user,
        database: "warehouse",
        pid: 22_300 + index,
      };
      return logged(full - 0.2 - index * 0.22, client, refused);
    });
    return {
      instances: [
        instanceOf(id, {
          Engine: "postgres",
          EngineVersion: "14.15",
          DBInstanceClass: "db.t4g.medium",
          AllocatedStorage: 100,
        }),
      ],
      metrics: {
        ...before,
        CPUUtilization: steps(27, 31, full),
        DatabaseConnections: even((back) =>
          back > since ? (usual(164)(back) ?? 164) : between(since, full, 166, 395)(back),
        ),
        FreeableMemory: between(since, full, 0.88 * 1024 ** 3, 0.43 * 1024 ** 3),
        DBLoad: steps(0.6, 0.7, full),
        DBLoadCPU: steps(0.42, 0.5, full),
        DBLoadNonCPU: usual(0.2),
      },
      events: nightlyBackup(id),
      load: loadOf(
        { CPU: 0.5, "Client:ClientRead": 0.1, "IO:DataFileRead": 0.1 },
        [
          {
            sql: "SELECT sku, qty FROM stock WHERE sku = ANY($1)",
            waits: { CPU: 0.3, "IO:DataFileRead": 0.1 },
          },
          { sql: "SELECT $1", waits: { CPU: 0.1 } },
        ],
        { inventory_api: 0.5, storefront: 0.2 },
      ),
      logs: [errorLog([...newcomers, ...turnedAway], 0.5)],
      alarm: above("DatabaseConnections", 360, [371, 388, 395], full - 2),
      way: "probe-failed",
      inPart: noSlotLeft(
        "remaining connection slots are reserved for non-replication superuser and rds_superuser connections",
      ),
    };
  },
});
