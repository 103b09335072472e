import { idOf, myWaiting, oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { numbersTo } from "../support/mysql-numbers.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "mariadb",
  title:
    "A payout locks the account and waits for the bank's answer; every booking onto that account waits for the parent",
  thresholds: { idleInTransactionSeconds: 6 },
  make: async (stage) => {
    const payout = await oneMy(stage, stage.application());
    const bookings = await stage.mySessions(stage.number(6, 8), stage.application());
    await payout.query(
      "CREATE TABLE ledger_accounts (tenant_id smallint unsigned NOT NULL, account_no varchar(20) NOT NULL, currency char(3) NOT NULL, balance decimal(18,4) NOT NULL, PRIMARY KEY (tenant_id, account_no))",
    );
    await payout.query(
      "CREATE TABLE ledger_lines (line_id bigint unsigned AUTO_INCREMENT PRIMARY KEY, tenant_id smallint unsigned NOT NULL, account_no varchar(20) NOT NULL, amount decimal(18,4) NOT NULL, booked_at timestamp(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3), CONSTRAINT line_of_account FOREIGN KEY (tenant_id, account_no) REFERENCES ledger_accounts (tenant_id, account_no))",
    );
    await payout.query(
      `INSERT INTO ledger_accounts SELECT n % 12, CONCAT('AC-', LPAD(n, 7, '0')), 'EUR', 0 FROM ${numbersTo(2400)}`,
    );
    await ordinaryWork(stage, 3);
    // Harmless: an export that reads on.
    const exporter = await oneMy(stage, stage.application());
    stage.leave(
      (async () => {
        for (let page = 0; page < 2000; page += 1) {
          await exporter.query(
            "SELECT * FROM ledger_accounts WHERE tenant_id = ? ORDER BY account_no LIMIT 100",
            [page % 12],
          );
          await pause(30);
        }
      })(),
    );
    const account = [7, "AC-0000007"];
    await payout.query("START TRANSACTION");
    await payout.query(
      "SELECT balance FROM ledger_accounts WHERE tenant_id = ? AND account_no = ? FOR UPDATE",
      account,
    );
    await payout.query("SELECT SLEEP(4)");
    for (const client of bookings) {
      stage.leave(
        client.query(
          "INSERT INTO ledger_lines (tenant_id, account_no, amount) VALUES (?, ?, 12.50)",
          account,
        ),
      );
    }
    await myWaiting(stage, bookings.length, 12);
    return { culprits: [idOf(payout)] };
  },
});
