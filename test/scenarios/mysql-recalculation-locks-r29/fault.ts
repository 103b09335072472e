import { idOf, oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { numbersTo } from "../support/mysql-numbers.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "mysql",
  title:
    "A batch recalculates all balances in one UPDATE; it holds the locks of every row it has passed while the application waits",
  tiers: ["immediate", "performance", "health"],
  make: async (stage) => {
    await ordinaryWork(stage);
    const setup = await oneMy(stage, "setup");
    await setup.query(
      "CREATE TABLE accounts (id int PRIMARY KEY, balance bigint NOT NULL, seen_at datetime NULL)",
    );
    await setup.query(`INSERT INTO accounts SELECT n, 0, NULL FROM ${numbersTo(8000)}`);
    await setup.query(
      "CREATE TABLE postings (id int AUTO_INCREMENT PRIMARY KEY, account_id int NOT NULL, amount int NOT NULL)",
    );
    await setup.query(
      `INSERT INTO postings (account_id, amount) SELECT 1 + n % 8000, n % 97 FROM ${numbersTo(60_000)}`,
    );
    const batch = await oneMy(stage, "nightly-batch");
    stage.leave(
      batch.query(
        "UPDATE accounts a SET a.balance = (SELECT COALESCE(SUM(p.amount), 0) FROM postings p WHERE p.account_id = a.id)",
      ),
    );
    await pause(2000);
    const clients = await stage.mySessions(stage.number(6, 8), "mobile-api");
    for (const [index, one] of clients.entries()) {
      stage.leave(one.query(`UPDATE accounts SET seen_at = NOW() WHERE id = ${3 + index}`));
    }
    const bookers = await stage.mySessions(3, "mobile-api");
    for (const [index, one] of bookers.entries()) {
      stage.leave(one.query(`INSERT INTO postings (account_id, amount) VALUES (${5000 + index}, 20)`));
    }
    // A herring: a session that is idle in a transaction in which it has only read.
    const idle = await oneMy(stage, "back-office");
    await idle.query("START TRANSACTION");
    await idle.query("SELECT balance FROM accounts WHERE id = 7");
    await pause(13_000);
    return { culprits: [idOf(batch)] };
  },
});
