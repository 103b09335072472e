import { oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { busyCpu } from "../support/busy-cpu.ts";
import { numbersTo } from "../support/mysql-numbers.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "mysql",
  title: "The month is closed in one transaction of many statements over rows that nobody else changes",
  tiers: ["immediate", "performance"],
  thresholds: { longRunningSeconds: 5, idleInTransactionSeconds: 8 },
  make: async (stage) => {
    const closing = await oneMy(stage, stage.application());
    await closing.query(
      "CREATE TABLE postings_2026_10 (posting_no int unsigned PRIMARY KEY, account char(6) NOT NULL, amount decimal(14,2) NOT NULL, closed tinyint NOT NULL DEFAULT 0)",
    );
    await closing.query(
      `INSERT INTO postings_2026_10 (posting_no, account, amount) SELECT n, CONCAT('4', LPAD(n % 80, 5, '0')), n % 999 FROM ${numbersTo(5000)}`,
    );
    await ordinaryWork(stage, 3);
    let done = 0;
    let running = true;
    stage.leave(
      (async () => {
        await closing.query("START TRANSACTION");
        while (running && done < 5000) {
          done += 1;
          await closing.query("UPDATE postings_2026_10 SET closed = 1 WHERE posting_no = ?", [done]);
          await pause(12);
        }
      })(),
    );
    stage.cleanUp(async () => {
      running = false;
    });
    const began = Date.now();
    while (Date.now() - began < 13_000) await pause(100);
    return { culprits: [] };
  },
  metrics: () => [busyCpu(41)],
});
