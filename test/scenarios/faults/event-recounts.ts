import type { RowDataPacket } from "mysql2/promise";
import { openSession, waitUntil } from "../../lab/engines/sql.ts";
import { myWaiting } from "../lock-waits.ts";
import { defineScenario, type MysqlFamily, type Scenario } from "../scenario.ts";
import { numbersTo } from "../support/mysql-numbers.ts";
import { ordinaryWork } from "../support/ordinary-work.ts";

const running =
  "SELECT id FROM information_schema.processlist WHERE info LIKE 'UPDATE app.stock%' AND id <> CONNECTION_ID()";

/** An event recounts every row in one long statement, again and again; whoever sells waits for its rows. */
export function eventRecounts(engine: MysqlFamily, title: string, events: readonly string[]): Scenario {
  return defineScenario({
    engine,
    title,
    // What it only reads is not locked then: of 80,000 row locks MySQL's own list takes longer than anybody may ask.
    server: {
      settings: {
        event_scheduler: "ON",
        ...(engine === "mysql" ? { transaction_isolation: "READ-COMMITTED" } : {}),
      },
    },
    tiers: ["immediate", "performance"],
    unhealed:
      "the run that has begun goes on, and nobody ends a job of the scheduler: to pause it keeps the next from coming",
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
      for (const [index, name] of events.entries())
        await admin.query(`CREATE EVENT app.${name} ON SCHEDULE EVERY 2 MINUTE STARTS CURRENT_TIMESTAMP + INTERVAL ${index} HOUR DO
          UPDATE app.stock SET qty = ${index} + (SELECT SUM(m.delta) FROM app.moves m WHERE m.sku = stock.sku)`);
      await waitUntil(async () => (await admin.query<RowDataPacket[]>(running))[0].length > 0, {
        what: "an event runs",
      });
      const [rows] = await admin.query<RowDataPacket[]>(running);
      await admin.query("SELECT SLEEP(2)");
      const tills = await stage.mySessions(stage.number(7, 10), "till");
      for (const [index, till] of tills.entries())
        stage.leave(till.query("UPDATE stock SET qty = qty - 1 WHERE sku = ?", [index + 1]));
      await myWaiting(stage, tills.length, 8);
      return { culprits: rows.map((row) => Number(row["id"] ?? row["ID"])) };
    },
  });
}
