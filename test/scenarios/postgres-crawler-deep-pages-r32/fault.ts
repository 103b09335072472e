import { onePg } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "A crawler walks the catalogue by OFFSET: each page reads all of the pages before it, over a million rows to show fifty",
  majors: [16, 17, 18],
  tiers: ["immediate", "performance", "health"],
  make: async (stage) => {
    const setup = await onePg(stage, "setup");
    const items = stage.number(1_900_000, 2_100_000);
    await setup.query(
      "CREATE TABLE catalogue_items (id int PRIMARY KEY, slug text NOT NULL, price int NOT NULL, listed boolean NOT NULL)",
    );
    await setup.query(
      `INSERT INTO catalogue_items SELECT n, 'item-' || n, n % 5000, n % 50 <> 0 FROM generate_series(1, ${items}) AS n`,
    );
    await setup.query("VACUUM ANALYZE catalogue_items");
    await ordinaryWork(stage);
    const clients = await stage.pgSessions(5, "sitemap-crawler");
    await keepRunning(stage, clients, 45, async (client, turn) => {
      await client.query(
        "SELECT id, slug, price FROM catalogue_items WHERE listed ORDER BY id LIMIT 50 OFFSET $1",
        [1_600_000 + ((turn * 50) % 150_000)],
      );
    });
    return { culprits: [] };
  },
});
