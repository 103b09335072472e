import type { RowDataPacket } from "mysql2/promise";
import { openSession, waitUntil } from "../../lab/engines/sql.ts";
import { myWaiting } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { numbersTo } from "../support/mysql-numbers.ts";
import { ordinaryWork } from "../support/ordinary-work.ts";

const running =
  "SELECT id FROM information_schema.processlist WHERE info LIKE 'UPDATE app.stock%' AND user = 'admin'";

export const scenario = defineScenario({
  engine: "mariadb",
  title:
    "An event of the scheduler recounts the stock in one long statement by day: every sale waits for its rows",
  server: { settings: { event_scheduler: "ON" } },
  thresholds: { longRunningSeconds: 4, killCandidateSeconds: 6 },
  make: async (stage) => {
    const admin = await openSession(stage.mysql());
    stage.cleanUp(() => admin.end());
    await admin.query("CREATE TABLE app.stock (sku int PRIMARY KEY, qty int NOT NULL)");
    await admin.query("CREATE TABLE app.moves (id int PRIMARY KEY, sku int NOT NULL, delta int NOT NULL)");
    const skus = stage.number(2800, 3400);
    await admin.query(`INSERT INTO app.stock SELECT n, 10 FROM ${numbersTo(skus)}`);
    await admin.query(`INSERT INTO app.moves SELECT n, 1 + n % ${skus}, 1 FROM ${numbersTo(80_000)}`);
    await ordinaryWork(stage, 3);
    await admin.query(`CREATE EVENT app.recount_stock ON SCHEDULE AT CURRENT_TIMESTAMP DO
      UPDATE app.stock SET qty = (SELECT SUM(m.delta) FROM app.moves m WHERE m.sku = stock.sku)`);
    await waitUntil(async () => (await admin.query<RowDataPacket[]>(running))[0].length > 0, {
      what: "the event runs",
    });
    const [rows] = await admin.query<RowDataPacket[]>(running);
    await admin.query("SELECT SLEEP(2)");
    const tills = await stage.mySessions(stage.number(7, 10), "till");
    for (const [index, till] of tills.entries())
      stage.leave(till.query("UPDATE stock SET qty = qty - 1 WHERE sku = ?", [index + 1]));
    await myWaiting(stage, tills.length, 8);
    return { culprits: [Number(rows[0]?.["id"])] };
  },
});
