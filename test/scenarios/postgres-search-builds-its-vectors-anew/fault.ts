import { onePg } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { busyCpu } from "../support/busy-cpu.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

const vector = `(to_tsvector('simple', coalesce("articles"."title"::text, '')) || to_tsvector('simple', coalesce("articles"."body"::text, '')))`;

/** What pg_search of a Rails application asks as long as nobody has given it a stored vector. */
export const scenario = defineScenario({
  engine: "postgres",
  majors: [17],
  title:
    "The help centre's search makes the text vectors of every article of the workspace again for each question",
  tiers: ["immediate", "performance"],
  metrics: () => [busyCpu(96)],
  make: async (stage) => {
    const setup = await onePg(stage, "help-center");
    await setup.query(`CREATE TABLE articles (workspace_id uuid, article_no int, title varchar(200) NOT NULL, body text NOT NULL, state varchar(12) NOT NULL, PRIMARY KEY (workspace_id, article_no));
      INSERT INTO articles SELECT ('6d7f0a10-0000-4000-8000-' || lpad((n % 8)::text, 12, '0'))::uuid, n, 'How to change setting ' || n, (SELECT string_agg(md5((n * 31 + w)::text), ' ') FROM generate_series(1, 40) w), 'published' FROM generate_series(1, 12000) n`);
    await setup.query("VACUUM ANALYZE articles");
    await ordinaryWork(stage, 3);
    const readers = await stage.pgSessions(3, "help-center");
    await keepRunning(stage, readers, 30, async (client, turn) => {
      await client.query("SELECT title, body FROM articles WHERE workspace_id = $1 AND article_no = $2", [
        `6d7f0a10-0000-4000-8000-00000000000${turn % 8}`,
        turn % 12_000,
      ]);
      await pause(15);
    });
    const searches = await stage.pgSessions(stage.number(4, 6), "help-center");
    await keepRunning(stage, searches, 40, (client, turn) =>
      client.query(
        `SELECT "articles"."workspace_id", "articles"."article_no", "articles"."title" FROM "articles" WHERE "articles"."workspace_id" = $1 AND "articles"."state" = $2 AND ${vector} @@ to_tsquery('simple', $3) ORDER BY ts_rank(${vector}, to_tsquery('simple', $3), 0) DESC, "articles"."article_no" ASC LIMIT 20`,
        [`6d7f0a10-0000-4000-8000-00000000000${turn % 8}`, "published", `setting & ${turn % 12_000}`],
      ),
    );
    return { culprits: [] };
  },
});
