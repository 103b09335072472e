import { oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "mysql",
  title:
    "Healthy: two lists of a few rows are read whole hundreds of times a second without an index, as it is cheapest",
  tiers: ["immediate", "performance", "health"],
  make: async (stage) => {
    await ordinaryWork(stage, 3);
    const setup = await oneMy(stage, "migration");
    await setup.query(
      "CREATE TABLE currencies (id int PRIMARY KEY, code char(3) NOT NULL, rate int NOT NULL)",
    );
    const rows = Array.from({ length: 36 }, (_, index) => `(${index + 1}, 'C${index}', ${100 + index})`);
    await setup.query(`INSERT INTO currencies VALUES ${rows.join(", ")}`);
    await setup.query(
      "CREATE TABLE feature_flags (id int PRIMARY KEY, flag varchar(20) NOT NULL, on_for int NOT NULL)",
    );
    const flags = Array.from({ length: 25 }, (_, index) => `(${index + 1}, 'flag${index}', ${index * 4})`);
    await setup.query(`INSERT INTO feature_flags VALUES ${flags.join(", ")}`);
    const pages = await stage.mySessions(6, "storefront");
    await keepRunning(stage, pages, 800, async (one, turn) => {
      await one.query(`SELECT rate FROM currencies WHERE code = 'C${turn % 36}'`);
      await one.query("SELECT flag, on_for FROM feature_flags");
      await pause(15);
    });
    return { culprits: [] };
  },
});
