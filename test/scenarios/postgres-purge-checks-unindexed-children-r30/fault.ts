import { onePg } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";
import { settled } from "../support/settled.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "A purge job deletes old baskets by their key, and for each the whole of basket_items is read: its foreign key has no index",
  majors: [17],
  tiers: ["immediate", "performance", "health"],
  make: async (stage) => {
    await ordinaryWork(stage);
    const setup = await onePg(stage, "setup");
    await setup.query(
      `CREATE TABLE baskets (id int PRIMARY KEY, opened_on date NOT NULL, token char(32) NOT NULL);
       INSERT INTO baskets SELECT n, current_date - (80000 - n) / 100, md5(n::text) FROM generate_series(1, 80000) AS n;
       CREATE TABLE basket_items (id int PRIMARY KEY, basket_id int NOT NULL REFERENCES baskets (id), sku varchar(20) NOT NULL, quantity int NOT NULL);
       INSERT INTO basket_items SELECT n, 40001 + n % 40000, 'sku-' || n % 3000, 1 + n % 4 FROM generate_series(1, 450000) AS n;
       CREATE TABLE basket_notes (id int PRIMARY KEY, basket_id int NOT NULL REFERENCES baskets (id), note varchar(60) NOT NULL);
       INSERT INTO basket_notes SELECT n, 60000 + n, 'note ' || n FROM generate_series(1, 60) AS n`,
    );
    await settled(setup, "baskets, basket_items, basket_notes");
    const purge = await stage.pgSessions(3, "purge-job");
    await keepRunning(stage, purge, 24, async (job, turn) => {
      await job.query("DELETE FROM baskets WHERE id = ANY ($1)", [
        [turn * 4 + 1, turn * 4 + 2, turn * 4 + 3, turn * 4 + 4],
      ]);
      await pause(10);
    });
    const shop = await stage.pgSessions(2, "basket-api");
    await keepRunning(stage, shop, 20, async (client, turn) => {
      await client.query("SELECT sku, quantity FROM basket_items WHERE id = $1", [1 + turn]);
      await pause(40);
    });
    return { culprits: [] };
  },
});
