import { calmRds } from "../support/outside/calm.ts";
import { during } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, ago, instanceOf, loadOf, told } from "../support/outside/described.ts";

const id = "forum-db";

/** Of a moment so many minutes ago, as RDS writes a window. */
const hhmm = (minutes: number) => ago(minutes).toISOString().slice(11, 16);

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "The snapshot of the night held the writes of a single instance for some minutes, as each night; it is over",
  world: (dice) => {
    const began = dice.number(21, 23);
    const held = (inside: number, outside: number) => during(began, began - 3, inside, outside);
    return {
      instances: [
        instanceOf(id, {
          Engine: "postgres",
          EngineVersion: "15.12",
          DBInstanceClass: "db.m5.large",
          AllocatedStorage: 120,
          PreferredBackupWindow: `${hhmm(30)}-${hhmm(-30)}`,
        }),
      ],
      metrics: {
        ...calmRds({
          engine: "postgres",
          vcpus: 2,
          memoryGib: 8,
          freeGib: 58,
          connections: 51,
          cpu: 18,
          iops: 290,
        }),
        WriteLatency: held(0.046, 0.0015),
        WriteIOPS: held(140, 174),
        DiskQueueDepth: held(6.4, 0.35),
        DBLoad: held(2.1, 0.36),
        DBLoadNonCPU: held(1.8, 0.08),
      },
      events: [
        told(id, began + 1, "backup", "Backing up DB instance"),
        told(id, began - 8, "backup", "Finished DB Instance backup"),
      ],
      load: loadOf(
        { CPU: 0.28, "IO:WALSync": 0.06 },
        [
          {
            sql: "INSERT INTO replies (thread_id, author_id, body) VALUES (?, ?, ?)",
            waits: { CPU: 0.1, "IO:WALSync": 0.06 },
          },
          {
            sql: "SELECT id, title FROM threads WHERE board = ? ORDER BY bumped_at DESC LIMIT ?",
            waits: { CPU: 0.18 },
          },
        ],
        { forum: 0.34 },
      ),
      alarm: { ...above("WriteLatency", 0.02, [0.0448, 0.0471, 0.0462], began - 3), state: "OK" },
      way: "probe-failed",
    };
  },
});
