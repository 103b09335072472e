import { idOf, myWaiting, oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { ordinaryWork } from "../support/ordinary-work.ts";

// After https://www.timelight.com/p/dont-make-third-party-api-calls-inside
export const scenario = defineScenario({
  engine: "mysql",
  title:
    "A booking worker updated seats and now waits for a payment provider inside its transaction; other bookings of these seats wait",
  tiers: ["immediate", "performance", "health"],
  thresholds: { idleInTransactionSeconds: 5, longRunningSeconds: 20 },
  make: async (stage) => {
    const seats = stage.table();
    const setup = await oneMy(stage, stage.application());
    await setup.query(
      `CREATE TABLE ${seats} (id int PRIMARY KEY, event_id int NOT NULL, state varchar(12) NOT NULL, held_by int NULL, KEY (event_id))`,
    );
    const rows = Array.from({ length: 600 }, (_, index) => `(${index + 1}, ${index % 12}, 'free', NULL)`);
    await setup.query(`INSERT INTO ${seats} VALUES ${rows.join(", ")}`);
    await ordinaryWork(stage);
    // A dashboard that forgot to commit its reading, too: it is older and holds nobody up.
    const dashboard = await oneMy(stage, "dashboard");
    await dashboard.query("START TRANSACTION");
    await dashboard.query(`SELECT event_id, COUNT(*) FROM ${seats} GROUP BY event_id`);
    await setup.query("SELECT SLEEP(3)");
    const holder = await oneMy(stage, "booking-worker");
    await holder.query("START TRANSACTION");
    await holder.query(`UPDATE ${seats} SET state = 'held', held_by = 77 WHERE id BETWEEN 20 AND 27`);
    await holder.query(`SELECT id, state FROM ${seats} WHERE held_by = 77 AND id BETWEEN 20 AND 27`);
    const others = await stage.mySessions(7, "booking");
    for (const [index, other] of others.entries()) {
      stage.leave(
        other.query(`UPDATE ${seats} SET state = 'held', held_by = ${100 + index} WHERE id = ${20 + index}`),
      );
    }
    await myWaiting(stage, 7, 9);
    return { culprits: [idOf(holder)] };
  },
});
