import { calmRds } from "../support/outside/calm.ts";
import { steps, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, instanceOf, loadOf, nightlyBackup, told } from "../support/outside/described.ts";

const id = "social-core";

const calm = withDays(
  calmRds({
    engine: "postgres",
    vcpus: 8,
    memoryGib: 32,
    freeGib: 310,
    connections: 182,
    cpu: 38,
    iops: 740,
  }),
);

export const scenario = defineOutside({
  engine: "postgres",
  title: "Since the release every page counts the unread messages for its badge, and the count takes all CPU",
  world: (dice) => {
    const since = dice.number(48, 56);
    return {
      instances: [
        instanceOf(id, {
          Engine: "postgres",
          EngineVersion: "15.10",
          DBInstanceClass: "db.m6g.2xlarge",
          AllocatedStorage: 500,
          Iops: 12_000,
          StorageThroughput: 500,
        }),
      ],
      metrics: {
        ...calm,
        CPUUtilization: steps(38, 97, since),
        DatabaseConnections: steps(182, 216, since),
        DBLoad: steps(3, 22.9, since),
        DBLoadCPU: steps(2.3, 21.4, since),
        DBLoadNonCPU: steps(0.7, 1.5, since),
        NetworkTransmitThroughput: steps(5.6e6, 4.9e6, since),
      },
      events: [
        told(
          `${id}-params`,
          60 * 20,
          "configuration change",
          "Updated parameter log_min_duration_statement to 2000 with apply method immediate",
          "parameter-group",
        ),
        ...nightlyBackup(id),
      ],
      load: loadOf(
        {
          CPU: 21.4,
          "LWLock:BufferMapping": 0.6,
          "IO:DataFileRead": 0.4,
          "Client:ClientRead": 0.3,
          "IO:WALSync": 0.2,
        },
        [
          {
            sql: "SELECT count ( * ) FROM notifications WHERE recipient_id = ? AND read_at IS NULL",
            waits: { CPU: 15.9, "LWLock:BufferMapping": 0.6, "IO:DataFileRead": 0.2 },
          },
          {
            sql: "SELECT p.id, p.body, p.created_at FROM posts p JOIN follows f ON f.followee_id = p.author_id WHERE f.follower_id = ? ORDER BY p.created_at DESC LIMIT ?",
            waits: { CPU: 2.6, "IO:DataFileRead": 0.2 },
          },
          { sql: "SELECT id, name, avatar FROM users WHERE id = ANY ( ? )", waits: { CPU: 1.4 } },
          { sql: "UPDATE users SET last_seen_at = ? WHERE id = ?", waits: { CPU: 0.5, "IO:WALSync": 0.2 } },
        ],
        { web: 21.6, jobs: 1.3 },
      ),
      alarm: above("CPUUtilization", 85, [96.4, 97.1, 96.8], 46),
      way: "silent",
    };
  },
});
