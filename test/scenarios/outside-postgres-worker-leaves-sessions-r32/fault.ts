import { calmRds } from "../support/outside/calm.ts";
import { withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, instanceOf, loadOf, nightlyBackup } from "../support/outside/described.ts";
import { noSlotLeft } from "../support/outside/first-answers.ts";
import { errorLog, logged } from "../support/outside/postgres-log.ts";
import { everySoOften } from "../support/outside/refusals.ts";

const id = "messaging-db";
const full =
  "remaining connection slots are reserved for non-replication superuser and rds_superuser connections";
const most = 823;

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "A worker opens a session for each batch and never closes it: two a minute for six hours with no more work, until no slot is left",
  world: (dice) => {
    const taken = dice.number(11, 14);
    const began = taken + 360;
    return {
      instances: [
        instanceOf(id, {
          Engine: "postgres",
          EngineVersion: "14.12",
          DBInstanceClass: "db.m6g.large",
          MultiAZ: true,
          AllocatedStorage: 200,
        }),
      ],
      metrics: {
        ...withDays(
          calmRds({ engine: "postgres", vcpus: 2, memoryGib: 8, connections: 91, cpu: 28, iops: 330 }),
        ),
        DatabaseConnections: Object.assign(
          (minutes: number) =>
            minutes > began ? 91 : Math.min(most, Math.round(91 + ((began - minutes) * (most - 91)) / 360)),
          { rough: 0 },
        ),
        FreeableMemory: (minutes) =>
          1024 ** 3 * (minutes > began ? 2.6 : Math.max(1.2, 2.6 - ((began - minutes) * 1.4) / 360)),
      },
      events: nightlyBackup(id),
      load: loadOf(
        { CPU: 0.41, "IO:WALSync": 0.08, "Client:ClientRead": 0.02 },
        [
          {
            sql: "SELECT * FROM messages WHERE thread_id = $1 ORDER BY id DESC LIMIT $2",
            waits: { CPU: 0.22 },
          },
          {
            sql: "INSERT INTO messages (thread_id, body) VALUES ($1, $2)",
            waits: { CPU: 0.1, "IO:WALSync": 0.06 },
          },
        ],
        { messaging_api: 0.46, notification_worker: 0.03 },
      ),
      logs: [
        errorLog(
          [
            ...everySoOften(
              { from: taken + 52, to: taken, apart: 0.5 },
              { host: "10.6.3.18", user: "notification_worker", database: "messaging" },
              [
                "LOG:  connection authorized: user=notification_worker database=messaging application_name=notify-batch SSL enabled (protocol=TLSv1.3, cipher=TLS_AES_256_GCM_SHA384, bits=256)",
              ],
            ),
            ...Array.from({ length: 60 }, (_, index) =>
              logged(
                taken - 0.15 - index * 0.17,
                {
                  host: `10.6.3.${18 + (index % 4)}(${39_000 + index * 5})`,
                  user: index % 3 === 0 ? "notification_worker" : "messaging_api",
                  database: "messaging",
                  pid: 30_100 + index,
                },
                `FATAL:  ${full}`,
              ),
            ),
          ],
          1,
        ),
      ],
      alarm: above("DatabaseConnections", 650, [652, 654, 656], taken + 80),
      way: "probe-failed",
      inPart: noSlotLeft(full),
    };
  },
});
