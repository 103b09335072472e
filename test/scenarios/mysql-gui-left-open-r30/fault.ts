import { idOf, myWaiting, oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { numbersTo } from "../support/mysql-numbers.ts";
import { ordinaryWork } from "../support/ordinary-work.ts";
import { slowClient } from "../support/slow-client.ts";

export const scenario = defineScenario({
  engine: "mysql",
  title:
    "Somebody mended rows by hand in a GUI in manual commit mode and went to lunch: requests wait for those rows",
  tiers: ["immediate", "performance", "health"],
  thresholds: { idleInTransactionSeconds: 5 },
  make: async (stage) => {
    const table = stage.table();
    const setup = await oneMy(stage, stage.application());
    await setup.query(
      `CREATE TABLE ${table} (id int AUTO_INCREMENT PRIMARY KEY, state varchar(20) NOT NULL, body varchar(300) NOT NULL)`,
    );
    await setup.query(
      `INSERT INTO ${table} (state, body) SELECT 'open', REPEAT(SHA2(n, 256), 4) FROM ${numbersTo(40_000)}`,
    );
    await ordinaryWork(stage);
    // Beside it a report that takes its time over another's rows and blocks nobody.
    const report = await slowClient(stage, "weekly-report");
    report.readSlowly(`SELECT id, state, body FROM ${table} WHERE id > 1000 ORDER BY id`, 40);
    const gui = await oneMy(stage, "DBeaver 24.3.1 - SQLEditor <Script-3.sql>");
    await gui.query("SET autocommit = 0");
    await gui.query(`UPDATE ${table} SET state = 'refunded' WHERE id BETWEEN 100 AND 140`);
    await gui.query(`SELECT id, state FROM ${table} WHERE id BETWEEN 100 AND 140`);
    const requests = await stage.mySessions(9, stage.application());
    for (const [index, request] of requests.entries()) {
      stage.leave(request.query(`UPDATE ${table} SET state = 'paid' WHERE id = ${101 + index}`));
    }
    await myWaiting(stage, 9, 9);
    return { culprits: [idOf(gui)] };
  },
});
