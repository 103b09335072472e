import { oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { busyCpu } from "../support/busy-cpu.ts";
import { keepRunning } from "../support/keep-running.ts";
import { numbersTo } from "../support/mysql-numbers.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

/** The key begins with the account: no index would read less, the sum itself is the work. */
export const scenario = defineScenario({
  engine: "mysql",
  title:
    "Every request sums all lines of a merchant's account for its balance; the merchants have grown, and the CPU goes there",
  tiers: ["immediate", "performance"],
  metrics: () => [busyCpu(96)],
  make: async (stage) => {
    const setup = await oneMy(stage, "wallet-api");
    await setup.query(
      "CREATE TABLE ledger_lines (account_id bigint unsigned NOT NULL, line_no int unsigned NOT NULL, kind enum('credit','debit') NOT NULL, amount decimal(14,2) NOT NULL, booked_at datetime NOT NULL, PRIMARY KEY (account_id, line_no))",
    );
    await setup.query(
      `INSERT INTO ledger_lines SELECT 9000 + n % 6, n, IF(n % 3 = 0, 'debit', 'credit'), n % 700 / 10, '2026-01-01' + INTERVAL n MINUTE FROM ${numbersTo(90_000)}`,
    );
    await setup.query("ANALYZE TABLE ledger_lines");
    await ordinaryWork(stage, 3);
    await keepRunning(stage, [setup], 20, async (client, turn) => {
      await client.query("INSERT INTO ledger_lines VALUES (?, ?, 'credit', 19.90, NOW())", [
        9000 + (turn % 6),
        1_000_000 + turn,
      ]);
      await pause(30);
    });
    const clients = await stage.mySessions(stage.number(4, 6), "wallet-api");
    await keepRunning(stage, clients, 200, (client, turn) =>
      client.query(
        "SELECT COALESCE(SUM(CASE WHEN kind = 'credit' THEN amount ELSE -amount END), 0) AS balance FROM ledger_lines WHERE account_id = ?",
        [9000 + (turn % 6)],
      ),
    );
    return { culprits: [] };
  },
});
