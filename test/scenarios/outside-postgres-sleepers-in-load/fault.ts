import { calmRds } from "../support/outside/calm.ts";
import { usual } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, instanceOf, loadOf, nightlyBackup } from "../support/outside/described.ts";

const id = "mailer-db";

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "Six workers sleep in pg_sleep between two looks at their queue and count as load, as every day; the alarm stands at 5",
  world: (dice) => {
    const asleep = dice.number(58, 60) / 10;
    return {
      instances: [
        instanceOf(id, { Engine: "postgres", EngineVersion: "17.2", DBInstanceClass: "db.m7g.large" }),
      ],
      metrics: {
        ...calmRds({
          engine: "postgres",
          vcpus: 2,
          memoryGib: 8,
          freeGib: 83,
          connections: 27,
          cpu: 14,
          iops: 95,
        }),
        DBLoad: usual(asleep + 0.4),
        DBLoadCPU: usual(0.25),
        DBLoadNonCPU: usual(asleep + 0.15),
      },
      events: nightlyBackup(id),
      load: loadOf(
        { "Timeout:PgSleep": asleep, CPU: 0.25, "IO:DataFileRead": 0.1, "IO:WALSync": 0.05 },
        [
          { sql: "SELECT pg_sleep ( $1 )", waits: { "Timeout:PgSleep": asleep } },
          {
            sql: "SELECT * FROM outbox WHERE sent_at IS NULL ORDER BY id LIMIT $1 FOR UPDATE SKIP LOCKED",
            waits: { CPU: 0.15, "IO:DataFileRead": 0.05 },
          },
        ],
        { mail_worker: asleep + 0.2, web: 0.2 },
      ),
      alarm: above("DBLoad", 5, [6.2, 6.4, 6.3], 90),
      way: "probe-failed",
    };
  },
});
