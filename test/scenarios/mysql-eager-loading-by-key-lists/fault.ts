import { defineScenario } from "../scenario.ts";
import { busyCpu } from "../support/busy-cpu.ts";
import { keepRunning } from "../support/keep-running.ts";
import { numbersTo } from "../support/mysql-numbers.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "mysql",
  title:
    "An ORM loads a page of orders and then their lines by one list of keys each: many rows, all of them wanted",
  tiers: ["immediate", "performance"],
  make: async (stage) => {
    const clients = await stage.mySessions(stage.number(4, 6), stage.application());
    const [setup] = clients;
    await setup?.query(
      "CREATE TABLE purchase_orders (org_id int unsigned NOT NULL, po_no int unsigned NOT NULL, status varchar(16) NOT NULL, placed_at datetime NOT NULL, PRIMARY KEY (org_id, po_no))",
    );
    await setup?.query(
      "CREATE TABLE purchase_lines (line_uuid binary(16) PRIMARY KEY, org_id int unsigned NOT NULL, po_no int unsigned NOT NULL, sku varchar(20) NOT NULL, quantity int NOT NULL, KEY of_order (org_id, po_no))",
    );
    await setup?.query(
      `INSERT INTO purchase_orders SELECT n % 50, n, 'open', '2026-11-01' + INTERVAL n SECOND FROM ${numbersTo(10_000)}`,
    );
    await setup?.query(
      `INSERT INTO purchase_lines SELECT UNHEX(LEFT(SHA2(n, 256), 32)), (1 + n % 10000) % 50, 1 + n % 10000, CONCAT('SKU', n % 700), 1 + n % 9 FROM ${numbersTo(40_000)}`,
    );
    await setup?.query("ANALYZE TABLE purchase_orders, purchase_lines");
    await ordinaryWork(stage, 3);
    await keepRunning(stage, clients, 1500, async (client, turn) => {
      const org = turn % 50;
      const orders = Array.from(
        { length: 40 },
        (_, index) => (org === 0 ? 50 : org) + 50 * ((turn + index) % 199),
      );
      await client.query(
        `SELECT t0.org_id, t0.po_no, t0.status, t0.placed_at FROM purchase_orders t0 WHERE t0.org_id = ${org} ORDER BY t0.po_no LIMIT 40`,
      );
      await client.query(
        `SELECT t1.line_uuid, t1.po_no, t1.sku, t1.quantity FROM purchase_lines t1 WHERE t1.org_id = ${org} AND t1.po_no IN (${orders.join(", ")})`,
      );
      await pause(4);
    });
    return { culprits: [] };
  },
  metrics: () => [busyCpu(58)],
});
