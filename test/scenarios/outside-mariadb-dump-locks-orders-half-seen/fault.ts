import { calmRds, withoutInsights } from "../support/outside/calm.ts";
import { moves, steps, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, instanceOf, nightlyBackup } from "../support/outside/described.ts";
import { deadlineOfAll, inPart, notRecorded } from "../support/outside/late-mysql.ts";
import { atWork, groupOf, nobodyWaits, ownGroup, serverOf } from "../support/outside/late-mysql-rows.ts";

const id = "spareparts-db";
const waits = "Waiting for table metadata lock";
const writes = [
  "UPDATE orders SET status = ?, changed_at = ? WHERE id = ?",
  "INSERT INTO orders (customer_id, placed_at, status) VALUES (?, ?, ?)",
  "UPDATE orders SET paid_at = ? WHERE number = ?",
];

export const scenario = defineOutside({
  engine: "mariadb",
  title:
    "mysqldump without --single-transaction keeps its tables locked for reading while it copies one after the other",
  world: (dice) => {
    const waiting = dice.number(44, 52);
    const minutes = 14;
    return {
      instances: [
        instanceOf(id, {
          Engine: "mariadb",
          EngineVersion: "10.11.10",
          DBInstanceClass: "db.m6g.xlarge",
          AllocatedStorage: 400,
          Iops: 12_000,
          StorageThroughput: 500,
          PerformanceInsightsEnabled: false,
        }),
      ],
      metrics: {
        ...withDays(
          withoutInsights(
            calmRds({
              engine: "mariadb",
              vcpus: 4,
              memoryGib: 16,
              freeGib: 140,
              connections: 96,
              cpu: 34,
              iops: 640,
            }),
          ),
        ),
        CPUUtilization: steps(34, 29, minutes),
        DatabaseConnections: moves(96, 96 + waiting, minutes),
        WriteIOPS: steps(384, 31, minutes),
        WriteThroughput: steps(8.1e6, 0.7e6, minutes),
        ReadIOPS: steps(256, 1240, minutes),
        ReadThroughput: steps(4.6e6, 61e6, minutes),
        DiskQueueDepth: steps(0.8, 1.1, minutes),
        NetworkTransmitThroughput: steps(3e6, 44e6, minutes),
      },
      events: nightlyBackup(id),
      load: null,
      alarm: above("DatabaseConnections", 130, [131, 134, 138], 3),
      way: "probe-failed",
      inPart: inPart({
        version: "10.11.10-MariaDB-log",
        major: 10,
        answers: {
          "mysql-server": [serverOf("10.11.10-MariaDB-log", 4_118_220, 1250)],
          "mysql-metadata-locks": notRecorded,
          "mysql-connections": [
            groupOf("parts_shop", "10.4.18.23", "active", waiting, [310, 830], { waitingOnLock: waiting }),
            groupOf("parts_shop", "10.4.33.9", "idle", 71, [6, 88]),
            groupOf("warehouse", "10.4.33.9", "idle", 22, [19, 260]),
            groupOf("nightly_export", "10.4.40.5", "active", 1, [611, 611]),
            ownGroup,
          ],
          "mysql-sessions": [
            atWork(
              88_211,
              "nightly_export",
              611,
              "Writing to net",
              "SELECT /*!40001 SQL_NO_CACHE */ `id`, `order_id`, `part_id`, `quantity`, `price` FROM `order_lines`",
              { client: "10.4.40.5" },
            ),
            ...Array.from({ length: waiting }, (_, n) =>
              atWork(88_300 + n * 5, "parts_shop", 830 - n * 15, waits, writes[n % 3] ?? ""),
            ),
            atWork(
              88_790,
              "parts_shop",
              0.1,
              "Sending data",
              "SELECT id, number, status FROM orders WHERE customer_id = ?",
            ),
          ],
          "mariadb-row-locks": [nobodyWaits],
        },
        rest: deadlineOfAll,
      }),
    };
  },
});
