import { onePg } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "A product feed is fetched by a cursor in key order, 400 articles at a time, while prices change beside it: a minute's work as every hour",
  tiers: ["immediate", "performance", "health"],
  majors: [17, 16],
  make: async (stage) => {
    const setup = await onePg(stage, "setup");
    await setup.query(
      "CREATE TABLE articles_on_sale (merchant char(4), ean text, label text NOT NULL, cents int NOT NULL, stock int NOT NULL, PRIMARY KEY (merchant, ean))",
    );
    await setup.query(
      `INSERT INTO articles_on_sale SELECT lpad((n % 60)::text, 4, '0'), lpad(n::text, 13, '0'), 'Article ' || n, n % 9000, n % 40 FROM generate_series(1, ${stage.number(70_000, 90_000)}) n`,
    );
    await setup.query("VACUUM ANALYZE articles_on_sale");
    await ordinaryWork(stage);
    const prices = await stage.pgSessions(2, "pricing");
    await keepRunning(stage, prices, 10, async (client, turn) => {
      const n = 1 + ((turn * 31) % 60_000);
      await client.query("UPDATE articles_on_sale SET cents = cents + 1 WHERE merchant = $1 AND ean = $2", [
        String(n % 60).padStart(4, "0"),
        String(n).padStart(13, "0"),
      ]);
      await pause(40);
    });
    const feed = await stage.pgSessions(1, "feed-export");
    await feed[0]?.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
    await feed[0]?.query(
      "DECLARE feed NO SCROLL CURSOR FOR SELECT merchant, ean, label, cents, stock FROM articles_on_sale ORDER BY merchant, ean",
    );
    // Each portion is written to a file before the next is asked for.
    await keepRunning(stage, feed, 60, async (client) => {
      await client.query("FETCH 400 FROM feed");
      await pause(180);
    });
    return { culprits: [] };
  },
});
