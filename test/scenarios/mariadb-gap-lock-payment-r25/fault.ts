import { idOf, myWaiting, oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { ordinaryWork } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "mariadb",
  title:
    "A worker looked for a payment FOR UPDATE, found none, and waits for its provider: the gap it holds stops every new one",
  thresholds: { idleInTransactionSeconds: 5, manyWaitingSeconds: 3 },
  make: async (stage) => {
    const table = stage.table();
    const harmless = await oneMy(stage, "admin-ui");
    const worker = await oneMy(stage, "payment-worker");
    const checkout = await stage.mySessions(stage.number(6, 9), stage.application());
    await worker.query(
      `CREATE TABLE ${table} (id int PRIMARY KEY AUTO_INCREMENT, order_no int NOT NULL, amount int NOT NULL,
        UNIQUE KEY by_order (order_no))`,
    );
    const rows = Array.from({ length: 60 }, (_, index) => `(${1000 + index}, ${index * 3})`).join(", ");
    await worker.query(`INSERT INTO ${table} (order_no, amount) VALUES ${rows}`);
    // Older, idle too, and in nobody's way.
    await harmless.query("START TRANSACTION");
    await harmless.query(`SELECT COUNT(*) FROM ${table}`);
    await ordinaryWork(stage);
    await worker.query("START TRANSACTION");
    await worker.query(`SELECT id FROM ${table} WHERE order_no = 1060 FOR UPDATE`);
    for (const [index, client] of checkout.entries())
      stage.leave(client.query(`INSERT INTO ${table} (order_no, amount) VALUES (${1070 + index}, 25)`));
    await myWaiting(stage, checkout.length, 7);
    return { culprits: [idOf(worker)] };
  },
});
