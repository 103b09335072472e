import { oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { busyCpu } from "../support/busy-cpu.ts";
import { keepRunning } from "../support/keep-running.ts";
import { numbersTo } from "../support/mysql-numbers.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

/** Both rows by one ordered statement: now and then one waits some milliseconds, nobody forever. */
export const scenario = defineScenario({
  engine: "mysql",
  title:
    "Transfers lock their two accounts in the order of the key, post and commit; a short wait now and then",
  tiers: ["immediate", "performance"],
  metrics: () => [busyCpu(51)],
  make: async (stage) => {
    const setup = await oneMy(stage, "core-banking");
    await setup.query(
      "CREATE TABLE accounts (bank char(8) NOT NULL, account_no int unsigned NOT NULL, balance decimal(15,2) NOT NULL, PRIMARY KEY (bank, account_no))",
    );
    await setup.query(
      "CREATE TABLE postings (posting_id binary(16) PRIMARY KEY, bank char(8) NOT NULL, from_no int unsigned NOT NULL, to_no int unsigned NOT NULL, amount decimal(15,2) NOT NULL)",
    );
    await setup.query(`INSERT INTO accounts SELECT '37040044', n, 500 FROM ${numbersTo(900)}`);
    await setup.query("ANALYZE TABLE accounts");
    await ordinaryWork(stage, 3);
    const clients = await stage.mySessions(stage.number(5, 7), "core-banking");
    await keepRunning(stage, clients, 400, async (client, turn) => {
      const [from, to] = [1 + ((turn * 7919) % 900), 1 + ((turn * 104_729 + 13) % 900)];
      await client.query("START TRANSACTION");
      await client.query(
        "SELECT account_no, balance FROM accounts WHERE bank = '37040044' AND account_no IN (?, ?) ORDER BY account_no FOR UPDATE",
        [from, to],
      );
      await client.query(
        "UPDATE accounts SET balance = balance + IF(account_no = ?, -1, 1) WHERE bank = '37040044' AND account_no IN (?, ?)",
        [from, from, to],
      );
      await client.query("INSERT INTO postings VALUES (UUID_TO_BIN(UUID()), '37040044', ?, ?, 1)", [
        from,
        to,
      ]);
      await client.query("COMMIT");
      await pause(5);
    });
    return { culprits: [] };
  },
});
