import { oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "mariadb",
  title:
    "order_events has used up its signed int key: no event can be written any more, and every order fails",
  tiers: ["immediate", "performance", "health"],
  make: async (stage) => {
    const setup = await oneMy(stage, "setup");
    const shop = await stage.mySessions(stage.number(3, 5), stage.application());
    await setup.query(
      `CREATE TABLE order_events (id int NOT NULL AUTO_INCREMENT PRIMARY KEY, order_no int NOT NULL,
        kind varchar(20) NOT NULL, KEY by_order (order_no)) AUTO_INCREMENT = 2147483560`,
    );
    const rows = Array.from({ length: 88 }, (_, index) => `(${index}, "placed")`).join(", ");
    await setup.query(`INSERT INTO order_events (order_no, kind) VALUES ${rows}`);
    await setup.query("ANALYZE TABLE order_events");
    await setup.end();
    await ordinaryWork(stage);
    await keepRunning(stage, shop, 120, async (client, turn) => {
      await client.query(`SELECT kind FROM order_events WHERE order_no = ${turn % 88}`);
      await client
        .query(`INSERT INTO order_events (order_no, kind) VALUES (${turn}, "placed")`)
        .catch(() => undefined);
      await pause(40);
    });
    return { culprits: [] };
  },
});
