import { idOf, myWaiting, oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { numbersTo } from "../support/mysql-numbers.ts";
import { ordinaryWork } from "../support/ordinary-work.ts";
import { slowClient } from "../support/slow-client.ts";

export const scenario = defineScenario({
  engine: "mysql",
  title:
    "A migration's ALTER TABLE waits for an export that is still being read, and the whole shop waits behind it",
  thresholds: { longRunningSeconds: 5, killCandidateSeconds: 60, manyWaitingSeconds: 3 },
  make: async (stage) => {
    const table = stage.table();
    const migration = await oneMy(stage, "flyway");
    const shop = await stage.mySessions(stage.number(8, 12), stage.application());
    const exporter = await slowClient(stage, "csv-export");
    await migration.query(
      `CREATE TABLE ${table} (id int PRIMARY KEY, state varchar(20) NOT NULL, body varchar(800) NOT NULL)`,
    );
    await migration.query(
      `INSERT INTO ${table} SELECT n, "open", REPEAT(HEX(n * 7919), 80) FROM ${numbersTo(50_000)}`,
    );
    await ordinaryWork(stage);
    exporter.readSlowly(`SELECT id, state, body FROM ${table}`, 100);
    await migration.query("SELECT SLEEP(3)");
    stage.leave(migration.query(`ALTER TABLE ${table} ADD COLUMN channel varchar(20) NULL`));
    await myWaiting(stage, 1, 0);
    for (const [index, client] of shop.entries())
      stage.leave(client.query(`SELECT state FROM ${table} WHERE id = ${index + 1}`));
    await myWaiting(stage, shop.length + 1, 4);
    return { culprits: [idOf(migration), exporter.id] };
  },
});
