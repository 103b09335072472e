import { calmRds, withoutInsights } from "../support/outside/calm.ts";
import { moves, steps, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, instanceOf, nightlyBackup } from "../support/outside/described.ts";
import { deadlineOfAll, inPart, notRecorded } from "../support/outside/late-mysql.ts";
import { atWork, groupOf, ownGroup, serverOf } from "../support/outside/late-mysql-rows.ts";

const id = "social-core";
const feed =
  "SELECT f.id, f.kind, f.body FROM feed_items f JOIN friendships s ON s.friend_id = f.author_id WHERE s.user_id = ? ORDER BY f.created_at DESC LIMIT 20";
const ordinary = [
  "SELECT * FROM users WHERE id = ?",
  "SELECT COUNT(*) FROM notifications WHERE user_id = ? AND seen = 0",
  "UPDATE users SET last_seen_at = ? WHERE id = ?",
];

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "The feed of friends sorts all that they ever wrote; the CPU is full, the look signs in late and gets its first answers only",
  world: (dice) => {
    const feeds = dice.number(45, 51);
    const minutes = 17;
    return {
      instances: [
        instanceOf(id, {
          Engine: "mysql",
          EngineVersion: "8.0.39",
          DBInstanceClass: "db.r6g.xlarge",
          AllocatedStorage: 300,
          PerformanceInsightsEnabled: false,
        }),
      ],
      metrics: {
        ...withDays(
          withoutInsights(
            calmRds({
              engine: "mysql",
              vcpus: 4,
              memoryGib: 32,
              freeGib: 118,
              connections: 140,
              cpu: 36,
              iops: 520,
            }),
          ),
        ),
        CPUUtilization: steps(36, 99.4, minutes),
        DatabaseConnections: moves(140, 221, minutes - 1),
        FreeableMemory: steps(7.1e9, 6.2e9, minutes),
        WriteIOPS: steps(312, 215, minutes),
        ReadIOPS: steps(208, 240, minutes),
        NetworkTransmitThroughput: steps(4.3e6, 3.2e6, minutes),
      },
      events: nightlyBackup(id),
      load: null,
      alarm: above("CPUUtilization", 90, [99.1, 99.6, 99.5], minutes - 4),
      alsoAlarms: [above("DatabaseConnections", 200, [201, 206, 211], 2)],
      way: "probe-failed",
      inPart: inPart({
        version: "8.0.39",
        major: 8,
        signInMs: 2410,
        answers: {
          "mysql-server": [serverOf("8.0.39", 9_204_117, 2600)],
          "mysql-metadata-locks": notRecorded,
          "mysql-connections": [
            groupOf("feed_api", "10.4.18.23", "active", feeds, [14, 38]),
            groupOf("feed_api", "10.4.18.23", "idle", 21, [3, 40]),
            groupOf("accounts_api", "10.4.33.9", "active", 11, [0.9, 3.1]),
            groupOf("accounts_api", "10.4.33.9", "idle", 138, [9, 71]),
            ownGroup,
          ],
          "mysql-sessions": [
            ...Array.from({ length: feeds }, (_, n) =>
              atWork(
                410_220 + n * 4,
                "feed_api",
                38 - n * 0.74,
                n % 3 === 0 ? "Creating sort index" : "executing",
                feed,
                { statementKey: `7 ${n}f1c0de2a7b94433` },
              ),
            ),
            ...Array.from({ length: 11 }, (_, n) =>
              atWork(410_600 + n * 3, "accounts_api", 3.1 - n * 0.27, "executing", ordinary[n % 3] ?? ""),
            ),
          ],
          "mysql-row-locks": notRecorded,
          "mysql-wait-counters": [{ rowLockWaits: 0, threadsRunning: feeds + 13, tables: [] }],
        },
        rest: deadlineOfAll,
      }),
    };
  },
});
