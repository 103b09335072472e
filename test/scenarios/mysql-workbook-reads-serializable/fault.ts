import { idOf, myWaiting, oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { ordinaryWork } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "mysql",
  title:
    "A workbook's connector reads at SERIALIZABLE and stays in its transaction: its plain SELECT keeps shared locks and the depot's updates wait",
  thresholds: { idleInTransactionSeconds: 5 },
  make: async (stage) => {
    const workbook = await oneMy(stage, "sales-workbook");
    await workbook.query(
      "CREATE TABLE stock_levels (depot_no smallint unsigned NOT NULL, article_no int unsigned NOT NULL, on_hand int NOT NULL, PRIMARY KEY (depot_no, article_no))",
    );
    const rows = Array.from({ length: 800 }, (_, index) => `(${index % 8}, ${1000 + index}, ${index % 90})`);
    await workbook.query(`INSERT INTO stock_levels VALUES ${rows.join(", ")}`);
    await ordinaryWork(stage, 3);
    // A herring: idle in a transaction for longer, at REPEATABLE READ, and holding nothing that anybody wants.
    const intranet = await oneMy(stage, "intranet");
    await intranet.query("START TRANSACTION");
    await intranet.query("SELECT SUM(on_hand) FROM stock_levels");
    const depots = await stage.mySessions(stage.number(5, 8), "depot-terminal");
    await workbook.query("SET SESSION TRANSACTION ISOLATION LEVEL SERIALIZABLE");
    await workbook.query("SET autocommit = 0");
    await workbook.query("SELECT article_no, on_hand FROM stock_levels WHERE depot_no = 3");
    depots.forEach((terminal, index) => {
      stage.leave(
        terminal.query(
          `UPDATE stock_levels SET on_hand = on_hand - 1 WHERE depot_no = 3 AND article_no = ${1003 + 8 * index}`,
        ),
      );
    });
    await myWaiting(stage, depots.length, stage.number(9, 12));
    return { culprits: [idOf(workbook)] };
  },
});
