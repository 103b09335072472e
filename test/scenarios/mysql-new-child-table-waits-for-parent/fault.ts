import { openSession } from "../../lab/engines/sql.ts";
import { idOf, myWaiting, oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { numbersTo } from "../support/mysql-numbers.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "mysql",
  title:
    "A release makes a new table that refers to the customers; a report reads them, and everybody queues behind it",
  make: async (stage) => {
    const admin = await openSession(stage.mysql());
    stage.cleanUp(() => admin.end());
    await admin.query(
      "CREATE TABLE app.customers (id int PRIMARY KEY, city int NOT NULL, mail varchar(60) NOT NULL)",
    );
    await admin.query(
      `INSERT INTO app.customers SELECT n, n % ${stage.number(3, 4)}, CONCAT('m', n, '@example.org') FROM ${numbersTo(60_000)}`,
    );
    await ordinaryWork(stage, 3);
    // Older than the report, and in nobody's way.
    const helper = await oneMy(stage, "support-desk");
    await helper.query("CREATE TABLE callbacks (id int PRIMARY KEY, done int)");
    await helper.query("INSERT INTO callbacks VALUES (1, 0)");
    await helper.query("BEGIN");
    await helper.query("UPDATE callbacks SET done = 1 WHERE id = 1");
    const report = await oneMy(stage, "marketing-report");
    stage.leave(
      report.query(
        "SELECT COUNT(*) FROM customers a JOIN customers b ON b.city = a.city WHERE a.mail < b.mail AND a.id <> b.id",
      ),
    );
    await pause(1500);
    const release = await oneMy(stage, "release");
    stage.leave(
      release.query(
        "CREATE TABLE loyalty_cards (id int PRIMARY KEY, customer_id int NOT NULL, FOREIGN KEY (customer_id) REFERENCES customers (id))",
      ),
    );
    await pause(1000);
    const clients = await stage.mySessions(8, "storefront-web");
    for (const [index, client] of clients.entries())
      stage.leave(client.query("SELECT mail FROM customers WHERE id = ?", [index + 1]));
    await myWaiting(stage, 9, 13);
    return { culprits: [idOf(release), idOf(report)] };
  },
});
