import { oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "mysql",
  title: "The new release asks for a column that its migration has not added yet: every call of it fails",
  tiers: ["immediate", "performance", "health"],
  make: async (stage) => {
    await ordinaryWork(stage);
    const setup = await oneMy(stage, "migration");
    await setup.query(
      "CREATE TABLE members (id int PRIMARY KEY, name varchar(40) NOT NULL, points int NOT NULL)",
    );
    const rows = Array.from({ length: 300 }, (_, index) => `(${index + 1}, 'member ${index}', ${index * 3})`);
    await setup.query(`INSERT INTO members VALUES ${rows.join(", ")}`);
    // The old release still runs on other hosts.
    const old = await stage.mySessions(2, "storefront");
    await keepRunning(stage, old, 20, async (one, turn) => {
      await one.query(`SELECT name, points FROM members WHERE id = ${1 + (turn % 300)}`);
      await pause(50);
    });
    const fresh = await stage.mySessions(4, "storefront");
    await keepRunning(stage, fresh, 150, async (one, turn) => {
      const id = 1 + (turn % 300);
      await one
        .query(`SELECT loyalty_tier, name, points FROM members WHERE id = ${id}`)
        .catch(() => undefined);
      await pause(30);
    });
    return { culprits: [] };
  },
});
