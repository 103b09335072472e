import { idOf, myWaiting, oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { numbersTo } from "../support/mysql-numbers.ts";
import { ordinaryWork } from "../support/ordinary-work.ts";

// After https://github.com/yifanzheng/cs-notes/issues/82, https://github.com/zodb/relstorage/issues/17
export const scenario = defineScenario({
  engine: "mariadb",
  title:
    "A checkout reserved its stock, calls the payment provider inside its transaction and hangs there: the others wait",
  thresholds: { idleInTransactionSeconds: 3 },
  make: async (stage) => {
    const table = `${stage.table()}_stock`;
    const shop = stage.application();
    // Beside it: an older transaction that only read, for which nobody waits.
    const reader = await oneMy(stage, stage.application());
    await reader.query(
      `CREATE TABLE ${table} (sku int PRIMARY KEY, reserved int NOT NULL, free int NOT NULL)`,
    );
    await reader.query(`INSERT INTO ${table} SELECT n, 0, 100 FROM ${numbersTo(500)}`);
    await reader.query("START TRANSACTION");
    await reader.query(`SELECT COUNT(*) FROM ${table}`);
    await ordinaryWork(stage);
    const holder = await oneMy(stage, shop);
    await holder.query("START TRANSACTION");
    await holder.query(
      `UPDATE ${table} SET reserved = reserved + 1, free = free - 1 WHERE sku IN (11, 12, 13)`,
    );
    await holder.query(`SELECT sku, free FROM ${table} WHERE sku IN (11, 12, 13)`);
    const others = await stage.mySessions(7, shop);
    for (const [index, other] of others.entries()) {
      stage.leave(
        other.query(
          `UPDATE ${table} SET reserved = reserved + 1, free = free - 1 WHERE sku = ${11 + (index % 3)}`,
        ),
      );
    }
    await myWaiting(stage, 7, 12);
    return { culprits: [idOf(holder)] };
  },
});
