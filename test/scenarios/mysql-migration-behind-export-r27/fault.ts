import { idOf, myWaiting, oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { numbersTo } from "../support/mysql-numbers.ts";
import { ordinaryWork } from "../support/ordinary-work.ts";
import { slowClient } from "../support/slow-client.ts";

// After https://how2.sh/posts/how-to-diagnose-and-clear-mysql-metadata-lock-waits
export const scenario = defineScenario({
  engine: "mysql",
  title:
    "A deploy's ALTER TABLE waits for a CSV export that reads the table, and all that use the table wait for it",
  thresholds: { longRunningSeconds: 5 },
  make: async (stage) => {
    const table = stage.table();
    const setup = await oneMy(stage, stage.application());
    await setup.query(
      `CREATE TABLE ${table} (id int AUTO_INCREMENT PRIMARY KEY, state varchar(20) NOT NULL, body varchar(600) NOT NULL)`,
    );
    await setup.query(
      `INSERT INTO ${table} (state, body) SELECT 'done', REPEAT(SHA2(n, 256), 8) FROM ${numbersTo(80_000)}`,
    );
    await ordinaryWork(stage);
    const exporter = await slowClient(stage, "csv-export");
    exporter.readSlowly(`SELECT id, state, body FROM ${table} ORDER BY id`, 40);
    await setup.query("SELECT SLEEP(3)");
    const migration = await oneMy(stage, "migrate");
    stage.leave(migration.query(`ALTER TABLE ${table} ADD COLUMN archived_at datetime NULL`));
    await setup.query("SELECT SLEEP(1)");
    const requests = await stage.mySessions(8, stage.application());
    for (const [index, request] of requests.entries()) {
      const sql =
        index % 2 === 0
          ? `SELECT id, state FROM ${table} WHERE id = ${100 + index}`
          : `UPDATE ${table} SET state = 'seen' WHERE id = ${100 + index}`;
      stage.leave(request.query(sql));
    }
    await myWaiting(stage, 9, 8);
    return { culprits: [idOf(migration)] };
  },
});
