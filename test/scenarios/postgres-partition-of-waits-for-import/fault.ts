import { defineScenario } from "../scenario.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "A new customer's partition waits for an import of another customer's, and everybody's reads wait behind it",
  make: async (stage) => {
    const [owner, importer, signup] = await stage.pgSessions(3, "inventory-import");
    if (owner === undefined || importer === undefined || signup === undefined) throw new Error("no session");
    const customers = stage.number(6, 9);
    await owner.query(`CREATE TABLE inventory_items (inventory_id int NOT NULL, sku varchar(24) NOT NULL, stock int NOT NULL,
      PRIMARY KEY (inventory_id, sku)) PARTITION BY LIST (inventory_id)`);
    for (let id = 1; id <= customers; id += 1) {
      await owner.query(
        `CREATE TABLE inventory_items_${id} PARTITION OF inventory_items FOR VALUES IN (${id})`,
      );
      await owner.query(
        `INSERT INTO inventory_items SELECT ${id}, 'SKU-' || n, n % 50 FROM generate_series(1, 3000) n`,
      );
    }
    await owner.query("ANALYZE inventory_items");
    await ordinaryWork(stage, 3);
    // A herring: a consumer of notifications has had its connection for long and sleeps as it should.
    const [listener] = await stage.pgSessions(1, "stock-events");
    await listener?.query("LISTEN stock_changed");
    let importing = true;
    await importer.query("BEGIN");
    await importer.query("DELETE FROM inventory_items WHERE inventory_id = 2");
    const work = (async () => {
      for (let batch = 0; importing; batch += 1)
        await importer.query(
          `INSERT INTO inventory_items SELECT 2, 'N' || ${batch} || '-' || n, n % 40 FROM generate_series(1, 3000) n`,
        );
    })();
    stage.leave(work);
    stage.cleanUp(async () => {
      importing = false;
      await work;
    });
    await signup.query("SET application_name = 'signup-service'");
    const { rows } = await signup.query("SELECT pg_backend_pid() AS pid");
    const name = `inventory_items_${customers + 1}`;
    stage.leave(
      signup.query(
        `CREATE TABLE IF NOT EXISTS ${name} PARTITION OF inventory_items FOR VALUES IN (${customers + 1})`,
      ),
    );
    await pause(600);
    const shops = await stage.pgSessions(11, "shop-api");
    for (const [index, shop] of shops.entries()) {
      const of = [3 + (index % 3), `SKU-${index * 7 + 1}`];
      const sql =
        index % 4 === 0
          ? "UPDATE inventory_items SET stock = stock - 1 WHERE inventory_id = $1 AND sku = $2"
          : "SELECT stock FROM inventory_items WHERE inventory_id = $1 AND sku = $2";
      stage.leave(shop.query(sql, of));
    }
    await pause(14_000);
    return { culprits: [rows[0].pid] };
  },
});
