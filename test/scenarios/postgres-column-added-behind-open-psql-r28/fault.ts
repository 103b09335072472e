import { makeTable, onePg, pgWaiting, pidOf } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { ordinaryWork } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "A migration's ALTER TABLE waits for a psql left open in a transaction, and all pages wait behind it",
  tiers: ["immediate", "performance", "health"],
  majors: [16],
  thresholds: { idleInTransactionSeconds: 5 },
  make: async (stage) => {
    await ordinaryWork(stage);
    const table = stage.table();
    const pages = await stage.pgSessions(stage.number(9, 14), stage.application());
    const psql = await onePg(stage, "psql");
    const flyway = await onePg(stage, "flyway");
    await makeTable(flyway, table);
    const culprits = [await pidOf(psql), await pidOf(flyway)];
    await psql.query("BEGIN");
    await psql.query(`SELECT * FROM ${table} WHERE state = 'new' LIMIT 5`);
    const watcher = await onePg(stage, "watcher");
    await watcher.query("SELECT pg_sleep(3)");
    stage.leave(flyway.query(`ALTER TABLE ${table} ADD COLUMN currency char(3)`));
    await watcher.query("SELECT pg_sleep(0.5)");
    pages.forEach((page, index) => {
      const id = index + 1;
      stage.leave(
        index % 3 === 0
          ? page.query(`UPDATE ${table} SET n = n + 1 WHERE id = $1`, [id])
          : page.query(`SELECT id, state, n FROM ${table} WHERE id = $1`, [id]),
      );
    });
    await pgWaiting(stage, pages.length + 1, 12);
    return { culprits };
  },
});
