import { onePg, pgWaiting, pidOf } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

const upsert = `INSERT INTO stock_levels AS s (warehouse, sku, valued_on, quantity) VALUES ($1, $2, current_date, $3)
  ON CONFLICT (warehouse, sku, valued_on) DO UPDATE SET quantity = s.quantity + excluded.quantity`;

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "A notebook without autocommit corrects one warehouse's stock of today and its author is away: tills and shop wait",
  majors: [18],
  thresholds: { idleInTransactionSeconds: 4, manyWaitingSeconds: 2 },
  make: async (stage) => {
    const notebook = await onePg(stage, "jupyter stock-fix.ipynb");
    const browser = await onePg(stage, "pgAdmin 4 - CONN:6120934");
    await notebook.query(
      "CREATE TABLE stock_levels (warehouse char(5) NOT NULL, sku varchar(12) NOT NULL, valued_on date NOT NULL, quantity numeric(12, 3) NOT NULL, PRIMARY KEY (warehouse, sku, valued_on)) PARTITION BY RANGE (valued_on)",
    );
    for (const [name, from, to] of [
      ["stock_levels_past", "current_date - 30", "current_date"],
      ["stock_levels_today", "current_date", "current_date + 1"],
    ]) {
      await notebook.query(
        `DO $$ BEGIN EXECUTE format('CREATE TABLE ${name} PARTITION OF stock_levels FOR VALUES FROM (%L) TO (%L)', ${from}, ${to}); END $$`,
      );
    }
    await notebook.query(
      "INSERT INTO stock_levels SELECT w, 'SKU' || s, current_date - d, s * 3 FROM unnest(ARRAY['HAM-2', 'BER-1', 'MUC-4']) w, generate_series(1, 400) s, generate_series(0, 5) d",
    );
    await notebook.query("CREATE TABLE suppliers (vat_id varchar(14) PRIMARY KEY, name text NOT NULL)");
    await notebook.query(
      "INSERT INTO suppliers SELECT 'DE' || n, 'supplier ' || n FROM generate_series(1, 300) n",
    );
    await ordinaryWork(stage);
    // The other warehouses sell on, and their rows change hands in milliseconds.
    const tills = await stage.pgSessions(2, "pos-sync");
    await keepRunning(stage, tills, 20, async (client, turn) => {
      await client.query(upsert, [turn % 2 ? "BER-1" : "MUC-4", `SKU${1 + (turn % 400)}`, -1]);
      await pause(20);
    });
    const culprit = await pidOf(notebook);
    // Open for longer, and it has read a table that nobody wants to lock.
    await browser.query("BEGIN");
    await browser.query("SELECT * FROM suppliers ORDER BY name LIMIT 100");
    await pause(1500);
    await notebook.query("BEGIN");
    await notebook.query(
      "UPDATE stock_levels SET quantity = round(quantity) WHERE warehouse = 'HAM-2' AND valued_on = current_date",
    );
    await notebook.query("SELECT sum(quantity) FROM stock_levels WHERE warehouse = 'HAM-2'");
    const waiters = [
      ...(await stage.pgSessions(stage.number(4, 6), "pos-sync")),
      ...(await stage.pgSessions(3, "wms")),
      ...(await stage.pgSessions(3, "shop-web")),
    ];
    for (const [index, client] of waiters.entries()) {
      stage.leave(client.query(upsert, ["HAM-2", `SKU${index * 7 + 1}`, -1]));
    }
    await pgWaiting(stage, waiters.length, 6);
    return { culprits: [culprit] };
  },
});
