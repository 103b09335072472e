import { idOf, makeTable, oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";

export const scenario = defineScenario({
  engine: "mariadb",
  title:
    "A transaction that sits idle holds a row; writers give up after a second each (1205), so that no wait is ever long",
  tiers: ["immediate", "performance", "health"],
  server: { settings: { "innodb-lock-wait-timeout": "1" } },
  make: async (stage) => {
    const table = stage.table();
    const holder = await oneMy(stage, "console");
    const writers = await stage.mySessions(stage.number(5, 7), stage.application());
    await makeTable(holder, table);
    await holder.query("START TRANSACTION");
    await holder.query(`UPDATE ${table} SET n = n + 1 WHERE id = 7`);
    await keepRunning(stage, writers, 20, (writer) =>
      writer.query(`UPDATE ${table} SET n = n + 1 WHERE id = 7`).catch(() => undefined),
    );
    return { culprits: [idOf(holder)] };
  },
});
