import { oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

// After https://github.com/mozilla/fx-private-relay/issues/1929
export const scenario = defineScenario({
  engine: "mariadb",
  title:
    "New code went out before its migration: every request asks for a column that is not there yet and fails with 1054",
  tiers: ["immediate", "performance", "health"],
  make: async (stage) => {
    const table = stage.table();
    const setup = await oneMy(stage, "migrate");
    await setup.query(`CREATE TABLE ${table} (id int PRIMARY KEY, email varchar(80) NOT NULL)`);
    const rows = Array.from({ length: 300 }, (_, index) => `(${index + 1}, 'user${index}@example.com')`);
    await setup.query(`INSERT INTO ${table} VALUES ${rows.join(", ")}`);
    await setup.end();
    await ordinaryWork(stage);
    const pods = await stage.mySessions(5, stage.application());
    await keepRunning(stage, pods, 400, async (session, turn) => {
      const id = 1 + (turn % 300);
      // The new code's question, and then the page for which it is not needed.
      await session
        .query(`SELECT id, email, loyalty_tier FROM ${table} WHERE id = ${id}`)
        .catch(() => undefined);
      if (turn % 4 === 0) await session.query(`SELECT email FROM ${table} WHERE id = ${id}`);
      await pause(40);
    });
    return { culprits: [] };
  },
});
