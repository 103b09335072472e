import { openSession } from "../../lab/engines/sql.ts";
import { defineScenario } from "../scenario.ts";
import { busyCpu } from "../support/busy-cpu.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  majors: [17],
  title: "A loader fetches many keys at once by arrays, parents and their children, each by its index",
  tiers: ["immediate", "performance", "health"],
  metrics: () => [busyCpu(57)],
  make: async (stage) => {
    const admin = await openSession(stage.postgres());
    stage.cleanUp(() => admin.end());
    const recipes = stage.number(18_000, 24_000);
    await admin.query(`CREATE TABLE recipes (id int PRIMARY KEY, name text NOT NULL, cook int NOT NULL);
      CREATE TABLE ingredients (id bigserial PRIMARY KEY, recipe_id int NOT NULL REFERENCES recipes, what text NOT NULL);
      CREATE INDEX ingredients_recipe ON ingredients (recipe_id);
      INSERT INTO recipes SELECT n, 'recipe ' || n, n % 900 FROM generate_series(1, ${recipes}) n;
      INSERT INTO ingredients (recipe_id, what) SELECT 1 + n % ${recipes}, 'flour ' || n % 50 FROM generate_series(1, 160000) n`);
    await admin.query("VACUUM ANALYZE recipes, ingredients");
    await admin.query("GRANT ALL ON recipes, ingredients, ingredients_id_seq TO shop");
    await ordinaryWork(stage, 3);
    const loaders = await stage.pgSessions(stage.number(5, 7), "graph-api");
    await keepRunning(stage, loaders, 200, async (loader, turn) => {
      const keys = Array.from({ length: 90 }, (_, n) => 1 + ((turn * 131 + n * 57) % recipes));
      await loader.query("SELECT id, name, cook FROM recipes WHERE id = ANY($1::int[])", [keys]);
      await loader.query("SELECT recipe_id, what FROM ingredients WHERE recipe_id = ANY($1::int[])", [keys]);
      await pause(30);
    });
    return { culprits: [] };
  },
});
