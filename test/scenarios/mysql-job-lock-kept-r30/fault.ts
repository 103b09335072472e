import { idOf, myWaiting, oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { numbersTo } from "../support/mysql-numbers.ts";
import { ordinaryWork } from "../support/ordinary-work.ts";
import { slowClient } from "../support/slow-client.ts";

export const scenario = defineScenario({
  engine: "mysql",
  title:
    "A settlement job died without releasing its GET_LOCK: its pooled connection sleeps on, the next runs wait for it",
  tiers: ["immediate", "performance", "health"],
  thresholds: { idleInTransactionSeconds: 5, idleSessionSeconds: 5 },
  make: async (stage) => {
    const table = stage.table();
    const holder = await oneMy(stage, "settlement");
    await holder.query(
      `CREATE TABLE ${table} (id int AUTO_INCREMENT PRIMARY KEY, amount int NOT NULL, body varchar(300) NOT NULL)`,
    );
    await holder.query(
      `INSERT INTO ${table} (amount, body) SELECT n, REPEAT(SHA2(n, 256), 4) FROM ${numbersTo(30_000)}`,
    );
    await ordinaryWork(stage);
    const exporter = await slowClient(stage, "ledger-export");
    exporter.readSlowly(`SELECT id, amount, body FROM ${table} ORDER BY id`, 40);
    await holder.query("SELECT GET_LOCK('nightly-settlement', 0)");
    await holder.query(`SELECT SUM(amount) FROM ${table}`);
    const workers = await stage.mySessions(6, "settlement");
    for (const worker of workers) stage.leave(worker.query("SELECT GET_LOCK('nightly-settlement', 900)"));
    await myWaiting(stage, 6, 10);
    return { culprits: [idOf(holder)] };
  },
});
