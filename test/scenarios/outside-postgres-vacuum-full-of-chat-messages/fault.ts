import { calmRds } from "../support/outside/calm.ts";
import { daily, moves, turns, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, ago, instanceOf, loadOf, nightlyBackup } from "../support/outside/described.ts";
import { halfLook, outOfTime, timedOut } from "../support/outside/postgres-half-look.ts";
import { group, ownGroup, running, serverUp } from "../support/outside/postgres-half-rows.ts";
import { fillsUp } from "../support/outside/saws.ts";

const id = "messenger-prod";
const database = "messenger";
const gib = 1024 ** 3;
const chat = { application: "chat-service", user: "chat", client: "10.90.4.12", database };
const feed = { application: "feed-service", user: "feed", client: "10.90.5.8", database };
const read =
  "SELECT m.id, m.body, m.sent_at FROM chat_messages m WHERE m.room_id = $1 ORDER BY m.sent_at DESC LIMIT $2";
const write = "INSERT INTO chat_messages (room_id, sender_id, body) VALUES ($1, $2, $3) RETURNING id";

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "Somebody gives back the space of a purge with VACUUM FULL at noon: the chat waits; who waits for whom is not answered in time",
  world: (dice) => {
    const since = dice.number(16, 19);
    const pool = 150;
    const waited = (at: number) => since * 60 - 41 - at * 1.4;
    return {
      instances: [
        instanceOf(id, {
          Engine: "postgres",
          EngineVersion: "15.9",
          DBInstanceClass: "db.m6g.2xlarge",
          MultiAZ: true,
          AllocatedStorage: 800,
          Iops: 12_000,
          StorageThroughput: 500,
        }),
      ],
      maintenance: [
        {
          resource: id,
          action: "system-update",
          description: "New Operating System update is available",
          optIn: null,
          autoAppliedAfter: null,
          forcedAt: null,
          appliesAt: null,
        },
      ],
      metrics: {
        ...withDays(
          calmRds({ engine: "postgres", vcpus: 8, memoryGib: 32, connections: 127, cpu: 34, iops: 900 }),
        ),
        CPUUtilization: turns(daily(34, 0.25), since, 26),
        DatabaseConnections: fillsUp(daily(127, 0.1), since, 40, 262),
        ReadIOPS: turns(daily(360, 0.2), since, 690),
        WriteIOPS: turns(daily(540, 0.2), since, 1420),
        ReadThroughput: turns(daily(6.5e6, 0.2), since, 48e6),
        WriteThroughput: turns(daily(11.3e6, 0.2), since, 84e6),
        DiskQueueDepth: turns(daily(1.1, 0.2), since, 2.6),
        // The copy takes 38 MB a second, the rest is WAL and is given back.
        FreeStorageSpace: moves(311 * gib, (311 - since * 60 * 0.0354) * gib, since),
        DBLoad: fillsUp(daily(2.7, 0.2), since, 36, 152),
        DBLoadCPU: turns(daily(2.1, 0.2), since, 1.9),
        DBLoadNonCPU: fillsUp(daily(0.6, 0.2), since, 36, 150),
      },
      events: nightlyBackup(id),
      load: loadOf(
        {
          "Lock:relation": 149,
          CPU: 1.9,
          "IO:DataFileRead": 0.5,
          "IO:WALWrite": 0.3,
          "IO:DataFileExtend": 0.2,
        },
        [
          { sql: read, waits: { "Lock:relation": 113 } },
          { sql: write, waits: { "Lock:relation": 36 } },
          {
            sql: "VACUUM FULL VERBOSE chat_messages",
            waits: { CPU: 0.4, "IO:DataFileRead": 0.3, "IO:WALWrite": 0.2, "IO:DataFileExtend": 0.2 },
          },
          { sql: "SELECT f.* FROM feed_items f WHERE f.user_id = $1 LIMIT $2", waits: { CPU: 0.9 } },
        ],
        { chat: 149, feed: 1.4, dba_anna: 1.1 },
      ),
      alarm: above("DBLoad", 16, [39.4, 75.1, 110.8], since - 4),
      alsoAlarms: [above("DatabaseConnections", 250, [262, 262, 261], since - 8)],
      way: "probe-failed",
      inPart: halfLook({
        answers: {
          "postgres-server": [serverUp("15.9", 58 * 86_400, 3604)],
          "postgres-blocking": timedOut,
          "postgres-connections": [
            group({ state: "active", ...chat }, pool, since * 60 - 41, { waitingOnLock: pool }),
            group({ state: "idle", ...feed }, 108, 22),
            group({ state: "active", ...feed }, 2, 0.01),
            group(
              { state: "active", application: "psql", user: "dba_anna", client: "10.90.1.4", database },
              1,
              since * 60,
            ),
            ownGroup(database),
          ],
          "postgres-sessions": [
            running(21_877, since * 60, {
              user: "dba_anna",
              application: "psql",
              client: "10.90.1.4",
              database,
              administrator: true,
              waitEvent: "IO/DataFileRead",
              query: "VACUUM FULL VERBOSE chat_messages",
            }),
            ...Array.from({ length: pool }, (_, at) =>
              running(22_010 + at * 3, waited(at), {
                ...chat,
                waitEvent: "Lock/relation",
                query: at % 4 === 1 ? write : read,
              }),
            ),
          ],
          "postgres-oldest-xmin": timedOut,
        },
        rest: outOfTime,
      }),
      changes: [
        {
          at: ago(60 * 26).toISOString(),
          source: "cloudtrail",
          subject: id,
          what: "ModifyDBInstance",
          by: "terraform-ci",
          detail: `dBInstanceIdentifier=${id}, backupRetentionPeriod=14, applyImmediately=true`,
          error: null,
        },
      ],
    };
  },
});
