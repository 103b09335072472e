import { openSession } from "../../lab/engines/sql.ts";
import { defineScenario } from "../scenario.ts";
import { busyCpu } from "../support/busy-cpu.ts";
import { keepRunning } from "../support/keep-running.ts";
import { numbersTo } from "../support/mysql-numbers.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "mysql",
  title:
    "Totals of a day read a few hundred rows by the right index and give one: many examined, one sent, and well",
  tiers: ["immediate", "performance"],
  metrics: () => [busyCpu(41)],
  make: async (stage) => {
    const admin = await openSession(stage.mysql());
    stage.cleanUp(() => admin.end());
    await admin.query("CREATE DATABASE till");
    await admin.query("GRANT SELECT, INSERT, UPDATE, DELETE ON till.* TO shop@'%'");
    await admin.query(`CREATE TABLE till.receipts (id int PRIMARY KEY, branch int NOT NULL, day int NOT NULL,
      total int NOT NULL, KEY ix_branch_day (branch, day, total))`);
    await admin.query(
      `INSERT INTO till.receipts SELECT n, n % 10, n DIV 10 % 15, n % 90 FROM ${numbersTo(90_000)}`,
    );
    await admin.query(
      "CREATE VIEW till.day_totals AS SELECT branch, day, COUNT(*) AS n, SUM(total) AS total FROM till.receipts GROUP BY branch, day",
    );
    await admin.query("ANALYZE TABLE till.receipts");
    await ordinaryWork(stage, 3);
    const clients = await stage.mySessions(stage.number(4, 6), "backoffice");
    await keepRunning(stage, clients, 200, async (client, turn) => {
      await client.query("SELECT COUNT(*), SUM(total) FROM till.receipts WHERE branch = ? AND day = ?", [
        turn % 10,
        turn % 15,
      ]);
      if (turn % 10 === 0)
        await client.query("SELECT n, total FROM till.day_totals WHERE branch = ? AND day = ?", [
          turn % 10,
          3,
        ]);
      await pause(30);
    });
    return { culprits: [] };
  },
});
