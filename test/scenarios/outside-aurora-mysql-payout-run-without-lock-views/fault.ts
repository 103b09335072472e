import { calmAurora, calmReader } from "../support/outside/calm.ts";
import { moves, steps } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, clusterOf, instanceOf, loadOf, nightlyBackup } from "../support/outside/described.ts";
import { inPart, notGranted } from "../support/outside/late-mysql.ts";
import { atWork, serverOf } from "../support/outside/late-mysql-rows.ts";

const writer = "wallet-0";
const reader = "wallet-1";
const of = {
  Engine: "aurora-mysql",
  EngineVersion: "8.0.mysql_aurora.3.08.1",
  DBInstanceClass: "db.r6g.xlarge",
  DBClusterIdentifier: "wallet",
};
const rows = "synch/cond/innodb/row_lock_wait";
const debit = "UPDATE wallets SET balance = balance - ?, updated_at = ? WHERE id = ?";
const payout =
  "UPDATE wallets w JOIN payouts p ON p.wallet_id = w.id SET w.balance = w.balance + p.amount WHERE p.run_id = ?";

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "A payout run changes wallets in one statement of seven minutes, and purchases wait for its rows; the monitor may not read performance_schema",
  world: (dice) => {
    const waiting = dice.number(33, 36);
    const minutes = 7;
    return {
      instances: [instanceOf(writer, of), instanceOf(reader, of)],
      cluster: clusterOf("wallet", [writer, reader], { Engine: of.Engine, EngineVersion: of.EngineVersion }),
      metrics: {
        ...calmAurora({ engine: "mysql", vcpus: 4, memoryGib: 32, connections: 140, cpu: 37, iops: 520 }),
        ...calmReader(reader, 32),
        CPUUtilization: steps(37, 34, minutes),
        DatabaseConnections: steps(140, 140 + waiting, minutes - 1),
        BlockedTransactions: steps(0, waiting, minutes - 1),
        CommitThroughput: steps(210, 84, minutes - 1),
        DMLLatency: steps(1.4, 9600, minutes - 1),
        RollbackSegmentHistoryListLength: moves(140, 26_000, minutes),
        Queries: steps(1900, 1210, minutes - 1),
        DBLoad: steps(1.5, waiting + 2.6, minutes - 1),
        DBLoadCPU: steps(1.1, 1.5, minutes - 1),
        DBLoadNonCPU: steps(0.4, waiting + 1.1, minutes - 1),
      },
      events: nightlyBackup(writer),
      load: loadOf(
        { [rows]: waiting + 0.4, CPU: 1.5, "io/aurora_redo_log_flush": 0.4, "io/table/sql/handler": 0.3 },
        [
          {
            sql: "UPDATE `wallets` SET `balance` = `balance` - ? , `updated_at` = ? WHERE `id` = ?",
            waits: { [rows]: waiting },
          },
          {
            sql: "UPDATE `wallets` `w` JOIN `payouts` `p` ON `p` . `wallet_id` = `w` . `id` SET `w` . `balance` = `w` . `balance` + `p` . `amount` WHERE `p` . `run_id` = ?",
            waits: { CPU: 0.7, "io/table/sql/handler": 0.2 },
          },
          {
            sql: "SELECT * FROM `wallets` WHERE `owner_id` = ?",
            waits: { CPU: 0.5, "io/table/sql/handler": 0.1 },
          },
          {
            sql: "INSERT INTO `wallet_entries` VALUES (...)",
            waits: { [rows]: 0.4, CPU: 0.2, "io/aurora_redo_log_flush": 0.4 },
          },
        ],
        { wallet_api: waiting + 1.5, payouts_job: 0.9 },
      ),
      alarm: above("DBLoad", 12, [35.2, 37.4, 36.6], 2),
      way: "probe-failed",
      inPart: inPart({
        version: "8.0.39",
        major: 8,
        answers: {
          "mysql-server": [serverOf("8.0.39", 3_512_006, 2000)],
          "mysql-metadata-locks": notGranted("setup_instruments"),
          "mysql-connections": notGranted("processlist"),
          "mysql-sessions": notGranted("processlist"),
          "mysql-row-locks": notGranted("setup_instruments"),
          "mysql-sessions-alone": [
            atWork(771_204, "payouts_job", 421, "updating", payout, { statementKey: null }),
            ...Array.from({ length: waiting }, (_, n) =>
              atWork(772_310 + n * 3, "wallet_api", 49 - n * 1.3, "updating", debit, { statementKey: null }),
            ),
          ],
          "mysql-wait-counters": [
            { rowLockWaits: waiting, threadsRunning: waiting + 4, tables: ["bank.wallets"] },
          ],
        },
        rest: notGranted("global_status"),
      }),
    };
  },
});
