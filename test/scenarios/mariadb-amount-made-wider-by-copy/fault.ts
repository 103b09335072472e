import { idOf, myWaiting, oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { numbersTo } from "../support/mysql-numbers.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "mariadb",
  title:
    "The amounts of invoice lines are made wider, which copies the table: readers go on, whoever writes waits",
  thresholds: { longRunningSeconds: 5, killCandidateSeconds: 10, idleInTransactionSeconds: 8 },
  make: async (stage) => {
    const release = await oneMy(stage, "liquibase");
    const writers = await stage.mySessions(stage.number(5, 7), stage.application());
    const readers = await stage.mySessions(2, stage.application());
    await release.query(
      "CREATE TABLE invoice_lines (invoice_no int unsigned NOT NULL, line_no int unsigned NOT NULL, sku char(32) NOT NULL, account char(32) NOT NULL, note char(32) NOT NULL, amount decimal(10,2) NOT NULL, PRIMARY KEY (invoice_no, line_no))",
    );
    for (const part of [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]) {
      await release.query(
        `INSERT INTO invoice_lines SELECT n, ${part}, MD5(n * 13 + ${part}), MD5(n + 7 * ${part}), MD5(n * 17 + 5 * ${part}), n % 500 FROM ${numbersTo(90_000)}`,
      );
    }
    await release.query(
      "ALTER TABLE invoice_lines ADD KEY by_sku (sku), ADD KEY by_account (account), ADD KEY by_note (note)",
    );
    await ordinaryWork(stage, 3);
    await keepRunning(stage, readers, 20, async (client, turn) => {
      await client.query("SELECT sku, amount FROM invoice_lines WHERE invoice_no = ?", [1 + (turn % 9000)]);
      await pause(40);
    });
    stage.leave(
      release.query(
        "ALTER TABLE invoice_lines MODIFY amount decimal(14,4) NOT NULL, ALGORITHM=COPY, LOCK=SHARED",
      ),
    );
    await pause(1500);
    for (const [index, client] of writers.entries()) {
      stage.leave(
        client.query("UPDATE invoice_lines SET amount = amount + 1 WHERE invoice_no = ? AND line_no = 1", [
          70 + index,
        ]),
      );
      await pause(400);
    }
    await myWaiting(stage, writers.length, 8);
    return { culprits: [idOf(release)] };
  },
});
