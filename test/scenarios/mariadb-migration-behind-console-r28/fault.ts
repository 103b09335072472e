import { idOf, myWaiting, oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { ordinaryWork } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "mariadb",
  title:
    "A migration's ALTER TABLE waits for a console that looked at the table and was left open, and all who read the table queue behind it",
  tiers: ["immediate", "performance", "health"],
  thresholds: { idleInTransactionSeconds: 4, manyWaitingSeconds: 3 },
  make: async (stage) => {
    await ordinaryWork(stage);
    const terminal = await oneMy(stage, "dbeaver");
    await terminal.query(
      "CREATE TABLE products (id int PRIMARY KEY, name varchar(40) NOT NULL, price int NOT NULL)",
    );
    const rows = Array.from({ length: 300 }, (_, index) => `(${index + 1}, 'product ${index}', ${index})`);
    await terminal.query(`INSERT INTO products VALUES ${rows.join(", ")}`);
    const migration = await oneMy(stage, "flyway");
    const readers = await stage.mySessions(9, "storefront");
    await terminal.query("SET autocommit = 0");
    await terminal.query("SELECT COUNT(*), AVG(price) FROM products");
    await terminal.query("SELECT name FROM products WHERE price > 250");
    await readers[0]?.query("SELECT SLEEP(3)");
    stage.leave(migration.query("ALTER TABLE products ADD COLUMN weight int NOT NULL DEFAULT 0"));
    await myWaiting(stage, 1, 1);
    for (const [index, one] of readers.entries()) {
      stage.leave(one.query(`SELECT name, price FROM products WHERE id = ${index + 1}`));
    }
    await myWaiting(stage, 10, 8);
    return { culprits: [idOf(migration), idOf(terminal)] };
  },
});
