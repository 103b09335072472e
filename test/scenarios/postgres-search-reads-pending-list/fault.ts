import { onePg } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "A search reads the whole pending list of a GIN index, since gin_pending_list_limit was raised to 256 MB",
  server: { settings: { gin_pending_list_limit: "256MB", autovacuum: "off" } },
  tiers: ["immediate", "performance", "health"],
  make: async (stage) => {
    await ordinaryWork(stage);
    const setup = await onePg(stage, "cms");
    await setup.query(
      "CREATE TABLE articles (id bigserial PRIMARY KEY, title text NOT NULL, words tsvector NOT NULL)",
    );
    await setup.query(
      "INSERT INTO articles (title, words) SELECT 'article ' || n, array_to_tsvector(ARRAY['w' || n % 5000, 'v' || n % 777, 'u' || n % 91]) FROM generate_series(1, 60000) AS n",
    );
    await setup.query("CREATE INDEX articles_words ON articles USING gin (words)");
    await setup.query("ANALYZE articles");
    await setup.query(
      "INSERT INTO articles (title, words) SELECT 'news ' || n, array_to_tsvector(ARRAY['w' || n % 5000, 'v' || n % 777, 'u' || n % 91, 'x' || n % 13]) FROM generate_series(1, 120000) AS n",
    );
    await setup.query("ANALYZE articles");
    const searchers = await stage.pgSessions(3, "site-search");
    await keepRunning(stage, searchers, 200, (session, turn) =>
      session.query("SELECT id, title FROM articles WHERE words @@ to_tsquery('simple', $1) LIMIT 20", [
        `w${turn % 5000} & v${turn % 777}`,
      ]),
    );
    return { culprits: [] };
  },
});
