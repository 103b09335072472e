import { calmRds } from "../support/outside/calm.ts";
import { type Curve, usual, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, instanceOf, loadOf, nightlyBackup } from "../support/outside/described.ts";
import { inPart, notGranted } from "../support/outside/late-mysql.ts";
import {
  atWork,
  groupOf,
  nobodyWaits,
  ownGroup,
  ratesOf,
  serverOf,
} from "../support/outside/late-mysql-rows.ts";
import { between } from "../support/outside/recurring.ts";

const gib = 1024 ** 3;
const id = "pricing-maria";
const version = "10.11.11-MariaDB-log";
const uptime = 6_044_300;
const week = 10_080;
const began = 96;

export const scenario = defineOutside({
  engine: "mariadb",
  title:
    "The weekly import of prices writes its binary logs as every week, into a volume with six hundred gibibytes to spare; the alarm is new",
  world: (dice) => {
    const written = dice.number(26, 28);
    // Every Monday alike, for two hours and more; its logs are purged within the day.
    const logs = between(began, 0, 0.9 * gib, written * gib);
    const monday = (other: number, inside: Curve) => (minutes: number) =>
      minutes % week <= began ? inside(minutes % week) : other;
    return {
      instances: [
        instanceOf(id, {
          Engine: "mariadb",
          EngineVersion: "10.11.11",
          DBInstanceClass: "db.m6g.2xlarge",
          MultiAZ: true,
          AllocatedStorage: 1000,
          Iops: 12_000,
          StorageThroughput: 500,
        }),
      ],
      metrics: {
        ...withDays(
          calmRds({ engine: "mariadb", vcpus: 8, memoryGib: 32, connections: 144, cpu: 24, iops: 800 }),
        ),
        BinLogDiskUsage: monday(0.9 * gib, logs),
        FreeStorageSpace: monday(640 * gib, between(began, 0, 640 * gib, (640.9 - written) * gib)),
        CPUUtilization: monday(24, usual(37)),
        WriteIOPS: monday(480, usual(2350)),
        WriteThroughput: monday(10e6, usual(62e6)),
        ReadIOPS: usual(350),
        DiskQueueDepth: monday(1, usual(3.9)),
        DBLoad: monday(1.9, usual(3.2)),
        DBLoadCPU: monday(1.4, usual(2.1)),
        DBLoadNonCPU: monday(0.5, usual(1.1)),
      },
      events: nightlyBackup(id),
      load: loadOf(
        {
          CPU: 2.1,
          "io/file/innodb/innodb_data_file": 0.4,
          "io/file/sql/binlog": 0.4,
          "io/file/innodb/innodb_log_file": 0.3,
        },
        [
          {
            sql: "INSERT INTO `prices` VALUES (...) ON DUPLICATE KEY UPDATE `amount` = VALUES ( `amount` )",
            waits: {
              CPU: 0.9,
              "io/file/innodb/innodb_data_file": 0.3,
              "io/file/sql/binlog": 0.4,
              "io/file/innodb/innodb_log_file": 0.3,
            },
          },
          {
            sql: "SELECT * FROM `prices` WHERE `sku` = ? AND `channel` = ?",
            waits: { CPU: 0.7, "io/file/innodb/innodb_data_file": 0.1 },
          },
        ],
        { price_import: 1.9, pricing_api: 1.3 },
      ),
      alarm: above(
        "BinLogDiskUsage",
        15 * gib,
        [16_140_000_000, 16_420_000_000, 16_720_000_000],
        42,
        "Maximum",
      ),
      way: "probe-failed",
      inPart: inPart({
        version,
        major: 10.11,
        answers: {
          "mysql-server": [serverOf(version, uptime, 2600)],
          "mysql-metadata-locks": notGranted("metadata_locks"),
          "mysql-connections": [
            groupOf("pricing_api", "10.4.18.23", "idle", 118, [1.9, 34]),
            groupOf("pricing_api", "10.4.18.23", "active", 2, [0.003, 0.006]),
            groupOf("price_import", "10.4.40.6", "active", 1, [0.02, 0.02]),
            groupOf("backoffice", "10.4.33.9", "idle", 22, [40, 260]),
            ownGroup,
          ],
          "mysql-sessions": [
            atWork(
              61_044,
              "price_import",
              0.02,
              "Update",
              "INSERT INTO prices VALUES (?, ?, ?) ON DUPLICATE KEY UPDATE amount = VALUES(amount)",
            ),
            atWork(
              66_310,
              "pricing_api",
              0.006,
              "Sending data",
              "SELECT * FROM prices WHERE sku = ? AND channel = ?",
            ),
          ],
          "mariadb-row-locks": [nobodyWaits],
          "mysql-oldest-transaction": [],
          "mysql-xa-transactions": [],
          "mysql-innodb-rates": [
            ratesOf(uptime, {
              statementsPerSecond: 1900,
              commitsPerSecond: 61,
              logBytesPerSecond: 9_400_000,
              threads: { running: 4, connected: 144, connectedBefore: 144, maxUsed: 188 },
            }),
          ],
          "mysql-space": [
            {
              temporary: { bytes: 12_582_912, maxBytes: null },
              temporarySessions: null,
              refusals: null,
              binlogs: { files: 214, bytes: (written - 0.2) * gib },
              undoBytes: null,
              logTables: [],
            },
          ],
        },
        rest: notGranted("events_statements_summary_by_digest"),
      }),
    };
  },
});
