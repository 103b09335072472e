import { oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "mariadb",
  title:
    "Healthy: a transaction manager commits in two phases; at any moment some branches are prepared, each for a tenth of a second",
  thresholds: { idleInTransactionSeconds: 5, longRunningSeconds: 10 },
  make: async (stage) => {
    const setup = await oneMy(stage, "rollout");
    await setup.query(
      "CREATE TABLE account_balances (account_no int unsigned NOT NULL PRIMARY KEY, cents bigint NOT NULL)",
    );
    const rows = Array.from({ length: 400 }, (_, index) => `(${index + 1}, 100000)`);
    await setup.query(`INSERT INTO account_balances VALUES ${rows.join(", ")}`);
    await ordinaryWork(stage, 3);
    const managers = await stage.mySessions(stage.number(5, 7), "payment-jta");
    const run = stage.number(1000, 9000);
    await keepRunning(stage, managers, 400, async (manager, turn) => {
      const branch = `'tm-${run}-${turn}','db1',4660`;
      await manager.query(`XA START ${branch}`);
      await manager.query(
        `UPDATE account_balances SET cents = cents - 5 WHERE account_no = ${1 + (turn % 400)}`,
      );
      await manager.query(`XA END ${branch}`);
      await manager.query(`XA PREPARE ${branch}`);
      // The other database votes meanwhile.
      await pause(90);
      await manager.query(`XA COMMIT ${branch}`);
    });
    return { culprits: [] };
  },
});
