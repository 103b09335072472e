import { idOf, myWaiting, oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { numbersTo } from "../support/mysql-numbers.ts";
import { ordinaryWork } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "mysql",
  title:
    "A nightly OPTIMIZE TABLE of the carts' lines awaits an export that left its snapshot open; the shop queues",
  tiers: ["immediate", "performance"],
  make: async (stage) => {
    const maintenance = await oneMy(stage, "nightly-maintenance");
    const exporter = await oneMy(stage, "bi-export");
    const shop = await stage.mySessions(stage.number(9, 13), "storefront");
    const editor = await oneMy(stage, "cms");
    await exporter.query(
      "CREATE TABLE cart_line (cart_uid char(26) NOT NULL, line_no smallint unsigned NOT NULL, sku varchar(32) NOT NULL, quantity decimal(9,3) NOT NULL, PRIMARY KEY (cart_uid, line_no), KEY sku (sku))",
    );
    await exporter.query(
      `INSERT INTO cart_line SELECT LPAD(n DIV 3, 26, '0'), n % 3, CONCAT('sku-', n % 700), 1.5 FROM ${numbersTo(15_000)}`,
    );
    await exporter.query("CREATE TABLE banner (slot varchar(20) PRIMARY KEY, html text NOT NULL)");
    await exporter.query("INSERT INTO banner VALUES ('top', 'a'), ('side', 'b')");
    await ordinaryWork(stage, 3);
    // Harmless: a banner that somebody is editing, and that nobody else wants.
    await editor.query("START TRANSACTION");
    await editor.query("UPDATE banner SET html = 'new' WHERE slot = 'side'");
    await exporter.query("SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ");
    await exporter.query("START TRANSACTION WITH CONSISTENT SNAPSHOT");
    await exporter.query("SELECT sku, SUM(quantity) FROM cart_line GROUP BY sku");
    stage.leave(maintenance.query("OPTIMIZE TABLE cart_line"));
    await myWaiting(stage, 1, 1);
    for (const [index, client] of shop.entries()) {
      const cart = String(100 + index).padStart(26, "0");
      stage.leave(
        index % 2 === 0
          ? client.query("SELECT line_no, sku, quantity FROM cart_line WHERE cart_uid = ?", [cart])
          : client.query("UPDATE cart_line SET quantity = quantity + 1 WHERE cart_uid = ? AND line_no = 1", [
              cart,
            ]),
      );
    }
    await myWaiting(stage, 1 + shop.length, 13);
    return { culprits: [idOf(maintenance), idOf(exporter)] };
  },
});
