import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "mysql",
  title:
    "Autoscaling doubled the pods; their pools are all in use and together have nearly all of max_connections",
  tiers: ["immediate", "performance", "health"],
  server: { maxConnections: 60 },
  make: async (stage) => {
    await ordinaryWork(stage);
    for (const [name, size] of [
      ["storefront", 22],
      ["cart-api", 18],
      ["pricing-api", 13],
    ] as const) {
      const table = `${name.replace("-", "_")}_items`;
      const pool = await stage.mySessions(size, name);
      const [first] = pool;
      await first?.query(
        `CREATE TABLE ${table} (id int PRIMARY KEY, title varchar(40) NOT NULL, seen int NOT NULL)`,
      );
      const rows = Array.from({ length: 500 }, (_, index) => `(${index + 1}, 'item ${index}', 0)`);
      await first?.query(`INSERT INTO ${table} VALUES ${rows.join(", ")}`);
      await keepRunning(stage, pool, size * 2, async (client, turn) => {
        await client.query(`SELECT title, seen FROM ${table} WHERE id = ${1 + (turn % 500)}`);
        if (turn % 9 === 0)
          await client.query(`UPDATE ${table} SET seen = seen + 1 WHERE id = ${1 + (turn % 500)}`);
        await pause(150 + ((turn * 37) % 400));
      });
    }
    await pause(12_000);
    return { culprits: [] };
  },
});
