import { oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";

export const scenario = defineScenario({
  engine: "mariadb",
  title:
    "Page counters: each hit is an INSERT … ON DUPLICATE KEY UPDATE of one of four hundred rows, and commits at once",
  tiers: ["immediate", "performance", "health"],
  make: async (stage) => {
    const table = stage.table();
    const owner = await oneMy(stage, "setup");
    await owner.query(
      `CREATE TABLE ${table} (page int NOT NULL, day date NOT NULL, hits int NOT NULL, PRIMARY KEY (page, day))`,
    );
    const clients = await stage.mySessions(9, stage.application());
    await keepRunning(stage, clients, 1500, async (client, turn) => {
      await client.query(
        `INSERT INTO ${table} VALUES (${(turn * 37) % 400}, CURRENT_DATE, 1) ON DUPLICATE KEY UPDATE hits = hits + 1`,
      );
      if (turn % 5 === 0) await client.query(`SELECT hits FROM ${table} WHERE page = ${turn % 400}`);
      await new Promise((resolve) => setTimeout(resolve, 18));
    });
    return { culprits: [] };
  },
});
