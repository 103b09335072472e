import { calmRds } from "../support/outside/calm.ts";
import { byHour, steps } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, instanceOf, loadOf, nightlyBackup } from "../support/outside/described.ts";
import { deadlineOfAll, inPart } from "../support/outside/late-mysql.ts";
import { countedSince, purgedOf } from "../support/outside/late-mysql-more.ts";
import {
  atWork,
  groupOf,
  nobodyWaits,
  ownGroup,
  ratesOf,
  serverOf,
} from "../support/outside/late-mysql-rows.ts";

const id = "tickets-eu-1";
const version = "8.0.42";
const uptime = 9_120_440;

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "The first day of the season is busier by a third, with a third of the CPU left; somebody emptied the statement statistics four minutes ago",
  world: (dice) => {
    const busy = dice.number(66, 68);
    const load = 5.4;
    return {
      instances: [
        instanceOf(id, {
          Engine: "mysql",
          EngineVersion: version,
          DBInstanceClass: "db.m6g.2xlarge",
          MultiAZ: true,
          AllocatedStorage: 500,
          Iops: 12_000,
          StorageThroughput: 500,
        }),
      ],
      metrics: {
        ...calmRds({
          engine: "mysql",
          vcpus: 8,
          memoryGib: 32,
          freeGib: 240,
          connections: 310,
          cpu: 51,
          iops: 900,
        }),
        CPUUtilization: (minutes) => (byHour(busy)(minutes) ?? 0) * (minutes > 900 ? 0.76 : 1),
        DatabaseConnections: (minutes) => (byHour(352)(minutes) ?? 0) * (minutes > 900 ? 0.86 : 1),
        WriteIOPS: steps(540, 730, 900),
        ReadIOPS: steps(360, 430, 900),
        NetworkReceiveThroughput: steps(2.8e6, 3.7e6, 900),
        NetworkTransmitThroughput: steps(9.6e6, 12.9e6, 900),
        DBLoad: steps(4.0, load, 900),
        DBLoadCPU: steps(3.2, load - 1.1, 900),
        DBLoadNonCPU: steps(0.8, 1.1, 900),
      },
      events: nightlyBackup(id),
      load: loadOf(
        {
          CPU: load - 1.1,
          "io/table/sql/handler": 0.5,
          "io/file/innodb/innodb_log_file": 0.3,
          "io/file/sql/binlog": 0.3,
        },
        [
          {
            sql: "SELECT * FROM `seats` WHERE `event_id` = ? AND `block` = ?",
            waits: { CPU: 1.1, "io/table/sql/handler": 0.2 },
          },
          {
            sql: "SELECT * FROM `events` WHERE `city_id` = ? AND `starts_at` > ? ORDER BY `starts_at` LIMIT ?",
            waits: { CPU: 0.9, "io/table/sql/handler": 0.1 },
          },
          {
            sql: "UPDATE `seats` SET `held_until` = ? , `held_by` = ? WHERE `id` = ? AND `held_until` < ?",
            waits: { CPU: 0.6, "io/file/innodb/innodb_log_file": 0.2, "io/file/sql/binlog": 0.2 },
          },
          { sql: "SELECT * FROM `customers` WHERE `id` = ?", waits: { CPU: 0.5 } },
        ],
        { shop: 4.3, boxoffice: 0.8, mailer: 0.3 },
      ),
      alarm: above("CPUUtilization", 65, [66.1, 67.3, 66.8], 14),
      way: "probe-failed",
      inPart: inPart({
        version,
        major: 8,
        answers: {
          "mysql-server": [serverOf(version, uptime, 2600)],
          "mysql-metadata-locks": [nobodyWaits],
          "mysql-connections": [
            groupOf("shop", "10.4.18.23", "idle", 236, [1.2, 29]),
            groupOf("shop", "10.4.18.23", "active", 5, [0.006, 0.03]),
            groupOf("boxoffice", "10.4.33.9", "idle", 84, [4, 77]),
            groupOf("mailer", "10.4.33.12", "idle", 26, [12, 96]),
            ownGroup,
          ],
          "mysql-sessions": [
            atWork(
              9_120_331,
              "shop",
              0.03,
              "executing",
              "SELECT * FROM events WHERE city_id = ? AND starts_at > ? ORDER BY starts_at LIMIT ?",
            ),
            atWork(
              9_120_377,
              "shop",
              0.006,
              "executing",
              "SELECT * FROM seats WHERE event_id = ? AND block = ?",
            ),
          ],
          "mysql-row-locks": [nobodyWaits],
          "mysql-wait-profile": [
            {
              samples: 10,
              windowSeconds: 1.05,
              toldBy: "thread-states",
              notSeen: "events_waits_current is off",
              howToSee: null,
              threadsRunning: 6.1,
              waits: [
                {
                  kind: "work",
                  name: "executing",
                  observations: 41,
                  averageSessions: 4.1,
                  percent: 80.4,
                  meanSeconds: 0.009,
                },
                {
                  kind: "log",
                  name: "waiting for handler commit",
                  observations: 10,
                  averageSessions: 1,
                  percent: 19.6,
                  meanSeconds: 0.003,
                },
              ],
            },
          ],
          "mysql-oldest-transaction": [],
          "mysql-oldest-transaction-purge": [purgedOf(410, -3.8)],
          "mysql-xa-transactions": [],
          "mysql-statement-digests": countedSince(244, [
            {
              query: "SELECT * FROM `seats` WHERE `event_id` = ? AND `block` = ?",
              callsPerSecond: 610,
              meanSeconds: 0.0021,
              examined: 58,
              sent: 58,
              percent: 24,
            },
            {
              query:
                "SELECT * FROM `events` WHERE `city_id` = ? AND `starts_at` > ? ORDER BY `starts_at` LIMIT ?",
              callsPerSecond: 240,
              meanSeconds: 0.0042,
              examined: 31,
              sent: 20,
              percent: 19,
            },
            {
              query:
                "UPDATE `seats` SET `held_until` = ? , `held_by` = ? WHERE `id` = ? AND `held_until` < ?",
              callsPerSecond: 190,
              meanSeconds: 0.0051,
              examined: 1,
              sent: 0,
              percent: 18,
            },
            {
              query: "SELECT * FROM `customers` WHERE `id` = ?",
              callsPerSecond: 1420,
              meanSeconds: 0.00035,
              examined: 1,
              sent: 1,
              percent: 9,
            },
          ]),
          "mysql-innodb-rates": [
            ratesOf(uptime, {
              statementsPerSecond: 4100,
              commitsPerSecond: 420,
              rowsScannedPerSecond: 24_000,
              rowsByKeyPerSecond: 118_000,
              threads: { running: 6, connected: 352, connectedBefore: 352, maxUsed: 411 },
            }),
          ],
        },
        rest: deadlineOfAll,
      }),
    };
  },
});
