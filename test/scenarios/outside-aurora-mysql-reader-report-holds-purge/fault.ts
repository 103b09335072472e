import { calmAurora, calmReader } from "../support/outside/calm.ts";
import { moves, steps, usual } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, clusterOf, instanceOf, loadOf, nightlyBackup } from "../support/outside/described.ts";
import { deadlineOfAll, inPart } from "../support/outside/late-mysql.ts";
import { atWork, groupOf, nobodyWaits, ownGroup, serverOf } from "../support/outside/late-mysql-rows.ts";

const gib = 1024 ** 3;
const ids = ["freight-a", "freight-b"] as const;
const engine = { Engine: "aurora-mysql", EngineVersion: "8.0.mysql_aurora.3.10.0" };

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "The writer's history grows for hours, though nobody there has an old transaction: who holds it is on the reader, into which nobody looks",
  world: (dice) => {
    const minutes = dice.number(308, 316);
    const history = 3_940_000;
    const member = { ...engine, DBInstanceClass: "db.r6g.xlarge", DBClusterIdentifier: "freight" };
    const quick = { transactionId: "88210447133", user: "shop_api", client: "10.4.18.23", database: "shop" };
    const open = { state: "active", idleSeconds: null, isolationLevel: "REPEATABLE READ", keepsView: true };
    return {
      instances: ids.map((one) => instanceOf(one, member)),
      cluster: clusterOf("freight", ids, engine),
      metrics: {
        ...calmAurora({ engine: "mysql", vcpus: 4, memoryGib: 32, connections: 132, cpu: 31, iops: 640 }),
        ...calmReader(ids[1], 32),
        [`${ids[1]}/CPUUtilization`]: steps(11, 34, minutes),
        [`${ids[1]}/DBLoad`]: steps(0.7, 1.7, minutes),
        RollbackSegmentHistoryListLength: moves(260, history, minutes),
        TransactionAgeMaximum: usual(2),
        SelectLatency: moves(0.6, 1.3, minutes),
        CPUUtilization: moves(31, 39, minutes),
        VolumeBytesUsed: moves(412 * gib, 421 * gib, minutes),
      },
      events: nightlyBackup(ids[0]),
      load: loadOf(
        { CPU: 1.4, "io/aurora_redo_log_flush": 0.3, "synch/rwlock/innodb/trx_rseg": 0.1 },
        [
          {
            sql: "UPDATE `shipments` SET `position` = ? , `seen_at` = ? WHERE `id` = ?",
            waits: { CPU: 0.5, "io/aurora_redo_log_flush": 0.2 },
          },
          { sql: "SELECT * FROM `shipments` WHERE `tracking_no` = ?", waits: { CPU: 0.5 } },
          {
            sql: "INSERT INTO `scans` VALUES (...)",
            waits: { CPU: 0.2, "io/aurora_redo_log_flush": 0.1 },
          },
        ],
        { shop_api: 1.4, scanner: 0.4 },
      ),
      alarm: above("RollbackSegmentHistoryListLength", 1_000_000, [1_006_000, 1_019_000, 1_031_000], 233),
      way: "probe-failed",
      inPart: inPart({
        version: "8.0.42",
        major: 8,
        answers: {
          "mysql-server": [serverOf("8.0.42", 3_550_000, 2000)],
          "mysql-metadata-locks": [nobodyWaits],
          "mysql-connections": [
            groupOf("shop_api", "10.4.18.23", "idle", 88, [1.1, 22]),
            groupOf("scanner", "10.4.33.9", "idle", 39, [0.8, 9]),
            groupOf("shop_api", "10.4.18.23", "active", 4, [0.01, 0.05]),
            ownGroup,
          ],
          "mysql-sessions": [
            atWork(90_117, "shop_api", 0.05, "executing", "SELECT * FROM shipments WHERE tracking_no = ?"),
            atWork(90_144, "shop_api", 0.01, "updating", "UPDATE shipments SET position = ? WHERE id = ?"),
          ],
          "mysql-row-locks": [nobodyWaits],
          "mysql-oldest-transaction": [
            {
              ...quick,
              ...open,
              sessionId: 90_117,
              ageSeconds: 1,
              rowsModified: 0,
              rowsLocked: 0,
              query: null,
            },
          ],
          "mysql-oldest-transaction-purge": [
            {
              intervalSeconds: 1.06,
              historyListLength: history,
              historyGrowthPerSecond: 212,
              undoBytes: null,
              undoTablespaces: 0,
              undoTruncateBytes: 1024 ** 3,
              undoTruncateOn: false,
              purgeThreads: 4,
              maxPurgeLag: 0,
            },
          ],
          "mysql-replication-aurora": [
            {
              server: ids[0],
              writer: true,
              lagMs: null,
              lastUpdateSeconds: 0.4,
              cpuPercent: 39,
              current: true,
            },
            {
              server: ids[1],
              writer: false,
              lagMs: 18,
              lastUpdateSeconds: 0.5,
              cpuPercent: 34,
              current: true,
            },
          ],
        },
        rest: deadlineOfAll,
      }),
    };
  },
});
