import { calmRds } from "../support/outside/calm.ts";
import { turns, usual, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, ago, instanceOf, loadOf, nightlyBackup } from "../support/outside/described.ts";
import { mysqlErrorLine, mysqlErrorLog, slowLog } from "../support/outside/mysql-log.ts";

const id = "messaging-prod";
const sql =
  "SELECT id, channel, state FROM notification_deliveries WHERE recipient_ref = 'c_88213' AND state = 'queued' ORDER BY created_at LIMIT 20";

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "A release asks notification_deliveries by recipient_ref, which has no index: 4.1 million rows are read for each answer of a few",
  world: (dice) => {
    const since = dice.number(17, 21);
    const calm = withDays(
      calmRds({
        engine: "mysql",
        vcpus: 4,
        memoryGib: 16,
        freeGib: 170,
        connections: 118,
        cpu: 32,
        iops: 480,
      }),
    );
    const slow = Array.from({ length: 16 }, (_, index) => ({
      minutes: since - 1 - index,
      user: "messaging",
      host: index % 2 === 0 ? "10.4.18.23" : "10.4.33.9",
      thread: 90_210 + index * 13,
      seconds: 6.2 + index * 0.9,
      sent: index % 4,
      examined: 4_118_204 + index * 311,
      sql: sql.replace("88213", `${88_213 + index * 417}`),
    })).filter(({ minutes }) => minutes > 0);
    return {
      instances: [
        instanceOf(id, {
          Engine: "mysql",
          EngineVersion: "8.0.39",
          DBInstanceClass: "db.m5.xlarge",
          MultiAZ: true,
          AllocatedStorage: 300,
          DBName: "messaging",
        }),
      ],
      metrics: {
        ...calm,
        CPUUtilization: turns(usual(32), since, 99.2),
        DatabaseConnections: turns(usual(118), since - 2, 233),
        DBLoad: turns(usual(1.3), since, 31),
        DBLoadCPU: turns(usual(1), since, 30),
        DBLoadNonCPU: turns(usual(0.3), since, 1),
        NetworkTransmitThroughput: turns(usual(3.6e6), since, 2.1e6),
      },
      events: nightlyBackup(id),
      load: loadOf(
        { CPU: 30, "wait/io/table/sql/handler": 0.8 },
        [
          {
            sql: "SELECT `id` , `channel` , `state` FROM `notification_deliveries` WHERE `recipient_ref` = ? AND `state` = ? ORDER BY `created_at` LIMIT ?",
            waits: { CPU: 28.4, "wait/io/table/sql/handler": 0.7 },
          },
          { sql: "INSERT INTO `messages` ( `thread_id` , `body` ) VALUES (...)", waits: { CPU: 0.6 } },
          { sql: "SELECT * FROM `threads` WHERE `id` = ?", waits: { CPU: 0.5 } },
        ],
        { messaging: 30.6 },
      ),
      logs: [
        slowLog(slow, 2),
        mysqlErrorLog(
          [
            mysqlErrorLine(
              since - 6,
              90_188,
              "[Note] [MY-010914] [Server] Aborted connection 90188 to db: 'messaging' user: 'messaging' host: '10.4.33.9' (Got timeout reading communication packets).",
            ),
          ],
          since - 6,
        ),
      ],
      changes: [
        {
          at: ago(60 * 21).toISOString(),
          source: "cloudtrail",
          subject: id,
          what: "AddTagsToResource",
          by: "terraform",
          detail: `resourceName=arn:aws:rds:eu-central-1:123456789012:db:${id}, tags=[{"key":"cost-center","value":"4410"}]`,
          error: null,
        },
      ],
      alarm: above("CPUUtilization", 90, [98.7, 99.3, 99.1], since - 4),
      way: "probe-failed",
    };
  },
});
