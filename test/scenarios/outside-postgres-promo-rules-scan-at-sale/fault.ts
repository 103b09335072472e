import { calmRds } from "../support/outside/calm.ts";
import { even, gapped, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, ago, instanceOf, loadOf, nightlyBackup } from "../support/outside/described.ts";
import { between } from "../support/outside/recurring.ts";

const id = "storefront-eu";
const since = 36;

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "Rules of a sale are looked for by an item of their lists: eight vCPUs are full since the sale began",
  world: (dice) => {
    const connections = dice.number(204, 216);
    const calm = withDays(
      calmRds({
        engine: "postgres",
        vcpus: 8,
        memoryGib: 32,
        freeGib: 131,
        connections,
        cpu: 38,
        iops: 620,
      }),
    );
    return {
      instances: [
        instanceOf(id, {
          Engine: "postgres",
          EngineVersion: "16.8",
          DBInstanceClass: "db.m6g.2xlarge",
          MultiAZ: true,
          AllocatedStorage: 300,
        }),
      ],
      metrics: gapped(
        {
          ...calm,
          CPUUtilization: even(between(since, since - 12, 38, 97.6)),
          DatabaseConnections: between(since, since - 18, connections, connections + 88),
          FreeableMemory: between(since, since - 18, 7.4e9, 6.8e9),
          DBLoad: between(since, since - 20, 3.1, 22.4),
          DBLoadCPU: between(since, since - 20, 2.4, 20.9),
          DBLoadNonCPU: between(since, since - 20, 0.7, 1.5),
        },
        9,
        8,
      ),
      events: nightlyBackup(id),
      load: loadOf(
        {
          CPU: 20.9,
          "IO:WALSync": 0.5,
          "IO:DataFileRead": 0.4,
          "Client:ClientRead": 0.4,
          "LWLock:WALWrite": 0.2,
        },
        [
          {
            sql: "SELECT r . id , r . percent , r . stackable FROM promo_rules r WHERE r . active AND ? = ANY ( r . skus ) ORDER BY r . priority",
            waits: { CPU: 14.6, "IO:DataFileRead": 0.1 },
          },
          { sql: "SELECT * FROM products WHERE slug = ?", waits: { CPU: 1.9 } },
          {
            sql: "INSERT INTO cart_items ( cart_id , sku , qty ) VALUES ( ? , ? , ? ) ON CONFLICT ( cart_id , sku ) DO UPDATE SET qty = ?",
            waits: { CPU: 0.8, "IO:WALSync": 0.3, "LWLock:WALWrite": 0.1 },
          },
          { sql: "SELECT * FROM stock WHERE sku = ANY ( ? )", waits: { CPU: 1.4 } },
          {
            sql: "autovacuum: VACUUM ANALYZE public.web_sessions",
            waits: { CPU: 0.5, "IO:DataFileRead": 0.2 },
          },
        ],
        { storefront: 20.1, checkout: 1.6, rdsadmin: 0.7 },
      ),
      changes: [
        {
          at: ago(286).toISOString(),
          source: "cloudtrail",
          subject: id,
          what: "ModifyDBInstance",
          by: "terraform-prod",
          detail: '{"backupRetentionPeriod":21}',
          error: null,
        },
      ],
      alarm: above("DBLoad", 8, [8.9, 9.8, 10.7], 28),
      alsoAlarms: [above("CPUUtilization", 85, [92.4, 97.1, 97.5], 23)],
      way: "probe-failed",
    };
  },
});
