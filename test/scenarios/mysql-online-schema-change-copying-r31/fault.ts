import { oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { numbersTo } from "../support/mysql-numbers.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

// After https://docs.percona.com/percona-toolkit/pt-online-schema-change.html
export const scenario = defineScenario({
  engine: "mysql",
  title:
    "Well: pt-online-schema-change copies a table chunk by chunk; its statements take most of the time and hold nobody up",
  tiers: ["immediate", "performance", "health"],
  server: { settings: { "log-bin-trust-function-creators": "ON" } },
  make: async (stage) => {
    const setup = await oneMy(stage, stage.application());
    const columns = "id int AUTO_INCREMENT PRIMARY KEY, customer_id int NOT NULL, note varchar(200) NOT NULL";
    await setup.query(`CREATE TABLE shop_orders (${columns}, KEY (customer_id))`);
    await setup.query(
      `INSERT INTO shop_orders (customer_id, note) SELECT n % 900, REPEAT(SHA2(n, 256), 2) FROM ${numbersTo(100_000)}`,
    );
    await ordinaryWork(stage, 3);
    await setup.query(
      `CREATE TABLE _shop_orders_new (${columns}, cancelled_at datetime NULL, KEY (customer_id))`,
    );
    await setup.query(
      "CREATE TRIGGER pt_osc_app_shop_orders_del AFTER DELETE ON shop_orders FOR EACH ROW DELETE IGNORE FROM _shop_orders_new WHERE id <=> OLD.id",
    );
    for (const [event, name] of [
      ["UPDATE", "upd"],
      ["INSERT", "ins"],
    ]) {
      await setup.query(
        `CREATE TRIGGER pt_osc_app_shop_orders_${name} AFTER ${event} ON shop_orders FOR EACH ROW REPLACE INTO _shop_orders_new (id, customer_id, note) VALUES (NEW.id, NEW.customer_id, NEW.note)`,
      );
    }
    // The shop goes on with its orders.
    const shops = await stage.mySessions(2, stage.application());
    await keepRunning(stage, shops, 10, async (shop, turn) => {
      const id = 1 + ((turn * 7919) % 100_000);
      await shop.query(`SELECT customer_id, note FROM shop_orders WHERE id = ${id}`);
      if (turn % 4 === 0) await shop.query(`UPDATE shop_orders SET note = 'seen ${turn}' WHERE id = ${id}`);
      await pause(30);
    });
    const copier = await oneMy(stage, "pt-online-schema-change");
    await keepRunning(stage, [copier], 25, async (session, turn) => {
      const from = turn * 400 + 1;
      if (from > 100_000) return pause(500);
      await session.query(
        `SELECT /*!40001 SQL_NO_CACHE */ id FROM shop_orders FORCE INDEX(PRIMARY) WHERE id >= ${from} ORDER BY id LIMIT 399, 2 /*next chunk boundary*/`,
      );
      await session.query(
        `INSERT LOW_PRIORITY IGNORE INTO _shop_orders_new (id, customer_id, note) SELECT id, customer_id, note FROM shop_orders FORCE INDEX(PRIMARY) WHERE id >= ${from} AND id <= ${from + 399} LOCK IN SHARE MODE /*pt-online-schema-change 4711 copy nibble*/`,
      );
      return pause(100);
    });
    return { culprits: [] };
  },
});
