import { calmRds, withoutInsights } from "../support/outside/calm.ts";
import { moves, steps, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { below, instanceOf, nightlyBackup } from "../support/outside/described.ts";
import { inPart, notRecorded } from "../support/outside/late-mysql.ts";
import { openTransaction } from "../support/outside/late-mysql-more.ts";
import {
  atWork,
  groupOf,
  nobodyWaits,
  ownGroup,
  ratesOf,
  serverOf,
} from "../support/outside/late-mysql-rows.ts";

const gib = 1024 ** 3;
const id = "ledger-shop";
const minutes = 43;
const seconds = minutes * 60 + 12;
const version = "8.0.39";
const exporting =
  "SELECT o.country, l.sku, DATE(o.created_at) AS day, SUM(l.qty * l.price) AS revenue FROM orders o JOIN order_lines l ON l.order_id = o.id GROUP BY o.country, l.sku, DATE(o.created_at) ORDER BY revenue DESC";

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "An export of all revenue groups 88 GiB into temporary tables on the volume; neither Performance Insights nor performance_schema is on",
  world: (dice) => {
    const free = dice.number(23, 25);
    const eaten = 112 - free;
    return {
      instances: [
        instanceOf(id, {
          Engine: "mysql",
          EngineVersion: version,
          DBInstanceClass: "db.r6i.large",
          AllocatedStorage: 400,
          Iops: 12_000,
          StorageThroughput: 500,
          PerformanceInsightsEnabled: false,
        }),
      ],
      metrics: withoutInsights({
        ...withDays(
          calmRds({ engine: "mysql", vcpus: 2, memoryGib: 16, connections: 74, cpu: 27, iops: 260 }),
        ),
        CPUUtilization: steps(27, 66, minutes),
        DatabaseConnections: steps(74, 77, minutes),
        // Some 2 GiB a minute, 37 MB/s.
        FreeStorageSpace: moves(112 * gib, free * gib, minutes),
        WriteIOPS: steps(156, 1480, minutes),
        WriteThroughput: steps(3.3e6, 40e6, minutes),
        ReadIOPS: steps(104, 1190, minutes),
        ReadThroughput: steps(1.9e6, 21e6, minutes),
        WriteLatency: steps(0.0015, 0.0019, minutes),
        ReadLatency: steps(0.0007, 0.0011, minutes),
        DiskQueueDepth: steps(0.3, 4.1, minutes),
      }),
      events: nightlyBackup(id),
      load: null,
      alarm: below("FreeStorageSpace", 40 * gib, [42_600_000_000, 40_400_000_000, 38_200_000_000], 6),
      way: "probe-failed",
      inPart: inPart({
        version,
        major: 8,
        answers: {
          "mysql-server": [serverOf(version, 5_812_400, 1300)],
          "mysql-connections": [
            groupOf("shop_web", "10.4.18.23", "idle", 48, [2.2, 31]),
            groupOf("shop_web", "10.4.18.23", "active", 2, [0.02, 0.04]),
            groupOf("warehouse", "10.4.33.9", "idle", 19, [11, 74]),
            groupOf("finance_bi", "10.4.40.6", "active", 1, [seconds, seconds]),
            groupOf("finance_bi", "10.4.40.6", "idle", 2, [240, 610]),
            ownGroup,
          ],
          "mysql-sessions": [
            atWork(512_077, "finance_bi", seconds, "executing", exporting, { transactionSeconds: seconds }),
            atWork(
              520_114,
              "shop_web",
              0.04,
              "executing",
              "SELECT * FROM orders WHERE customer_id = ? ORDER BY id DESC LIMIT ?",
            ),
            atWork(520_117, "shop_web", 0.02, "update", "INSERT INTO order_lines VALUES (?, ?, ?, ?)"),
          ],
          "mysql-row-locks": [nobodyWaits],
          "mysql-oldest-transaction": [
            openTransaction(512_077, "finance_bi", seconds, {
              state: "active",
              query: exporting,
            }),
          ],
          "mysql-xa-transactions": [],
          "mysql-innodb-rates": [
            ratesOf(5_812_400, {
              statementsPerSecond: 410,
              commitsPerSecond: 38,
              tmpDiskTablesPerSecond: 0.9,
              rowsScannedPerSecond: 212_000,
              rowsByKeyPerSecond: 240_000,
              threads: { running: 4, connected: 77, connectedBefore: 77, maxUsed: 112 },
            }),
          ],
          "mysql-space": [
            {
              temporary: { bytes: 12_582_912, maxBytes: null },
              temporarySessions: [
                { id: 512_077, bytes: eaten * gib - 0.4 * gib },
                { id: 519_902, bytes: 81_920 },
              ],
              refusals: null,
              binlogs: { files: 4, bytes: 310 * 1024 ** 2 },
              undoBytes: 268_435_456,
              logTables: [],
            },
          ],
        },
        rest: notRecorded,
      }),
    };
  },
});
