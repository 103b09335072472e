import { onePg } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "The new release upserts thirty rows in one statement, in the order they came: they deadlock all the time",
  tiers: ["immediate", "performance"],
  majors: [17],
  make: async (stage) => {
    const [stock, calm] = [stage.table(), stage.table()];
    const owner = await onePg(stage, stage.application());
    const [site, feed] = [stage.application(), stage.application()];
    await owner.query(
      `CREATE TABLE ${calm} (id int PRIMARY KEY, n int); INSERT INTO ${calm} SELECT n, 0 FROM generate_series(1, 3000) n`,
    );
    await owner.query(`CREATE TABLE ${stock} (sku int PRIMARY KEY, quantity int NOT NULL, at timestamptz)`);
    await owner.query(`INSERT INTO ${stock} SELECT n, 0, now() FROM generate_series(1, 120) n`);
    const others = await stage.pgSessions(3, site);
    await keepRunning(stage, others, 20, async (client, turn) => {
      await client.query(`SELECT n FROM ${calm} WHERE id = $1`, [1 + ((turn * 37) % 3000)]);
      await new Promise((resolve) => setTimeout(resolve, 25));
    });
    const clients = await stage.pgSessions(9, feed);
    await keepRunning(stage, clients, 15, async (client, turn) => {
      const step = 7 + 2 * ((turn * 29) % 50);
      const rows = Array.from({ length: 30 }, (_, index) => ((turn * 13 + index * step) % 120) + 1);
      const values = [...new Set(rows)].map((sku) => `(${sku}, ${turn % 9}, now())`).join(", ");
      // What is lost to a deadlock the feed sends again with its next file.
      await client
        .query(
          `INSERT INTO ${stock} VALUES ${values} ON CONFLICT (sku) DO UPDATE SET quantity = ${stock}.quantity + excluded.quantity, at = excluded.at`,
        )
        .catch(() => undefined);
    });
    return { culprits: [] };
  },
});
