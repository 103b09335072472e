import { onePg } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { busyCpu } from "../support/busy-cpu.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "Pages of a tag ask with = ANY (tags), which no index of an array answers: the GIN index is there and not used",
  tiers: ["immediate", "performance"],
  majors: [14],
  make: async (stage) => {
    const setup = await onePg(stage, "setup");
    const rows = stage.number(140_000, 160_000);
    await setup.query(
      "CREATE TABLE recipes (slug varchar(60) PRIMARY KEY, title text NOT NULL, tags text[] NOT NULL DEFAULT '{}', published_at timestamptz NOT NULL, steps jsonb NOT NULL)",
    );
    await setup.query(
      `INSERT INTO recipes SELECT 'recipe-' || n, 'Recipe ' || n, ARRAY['tag-' || n % 4001, 'tag-' || n % 3989, 'season-' || n % 4, 'diet-' || n % 9], now() - n * interval '11 minutes', jsonb_build_array('cut', 'cook', n) FROM generate_series(1, ${rows}) n`,
    );
    await setup.query("CREATE INDEX recipes_tags ON recipes USING gin (tags)");
    await setup.query("VACUUM ANALYZE recipes");
    await ordinaryWork(stage);
    // The same question by another team, asked so that the index answers.
    const mobile = await stage.pgSessions(1, "mobile-bff");
    await keepRunning(stage, mobile, 20, async (client, turn) => {
      await client.query("SELECT slug, title FROM recipes WHERE tags @> ARRAY[$1]::text[] LIMIT 24", [
        `tag-${turn % 3900}`,
      ]);
      await pause(25);
    });
    const web = await stage.pgSessions(3, "rails web");
    await keepRunning(stage, web, 80, (client, turn) =>
      client.query(
        'SELECT "recipes"."slug", "recipes"."title" FROM "recipes" WHERE ($1 = ANY (tags)) ORDER BY "recipes"."published_at" DESC LIMIT 24',
        [`tag-${(turn * 17) % 3900}`],
      ),
    );
    return { culprits: [] };
  },
  metrics: () => [busyCpu(91)],
});
