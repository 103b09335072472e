import { oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

// After https://hoop.dev/blog/how-to-safely-add-a-new-column-in-production-92
export const scenario = defineScenario({
  engine: "mariadb",
  title:
    "A release went out before its migration: the profile page asks for a column that is not there, and every such request fails",
  tiers: ["immediate", "performance", "health"],
  make: async (stage) => {
    const setup = await oneMy(stage, stage.application());
    await setup.query(
      "CREATE TABLE customers (id int PRIMARY KEY, email varchar(80) NOT NULL, city varchar(40) NOT NULL)",
    );
    const rows = Array.from(
      { length: 500 },
      (_, index) => `(${index + 1}, 'c${index}@example.com', 'Porto')`,
    );
    await setup.query(`INSERT INTO customers VALUES ${rows.join(", ")}`);
    await ordinaryWork(stage, 3);
    // The old release still runs on some pods.
    const old = await stage.mySessions(2, "profile");
    await keepRunning(stage, old, 40, async (client, turn) => {
      await client.query(`SELECT id, email, city FROM customers WHERE id = ${1 + (turn % 500)}`);
      await pause(60);
    });
    const pods = await stage.mySessions(4, "profile");
    await keepRunning(stage, pods, 400, async (client, turn) => {
      await client
        .query(`SELECT id, email, city, loyalty_tier FROM customers WHERE id = ${1 + (turn % 500)}`)
        .catch(() => undefined);
      await pause(40);
    });
    return { culprits: [] };
  },
});
