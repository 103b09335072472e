import { defineScenario } from "../scenario.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "mysql",
  title:
    "A scanner injects SLEEP() into the category page: sessions of the web application sleep inside their statement and take nearly all connections",
  tiers: ["immediate", "performance"],
  thresholds: { longRunningSeconds: 8 },
  make: async (stage) => {
    const web = await stage.mySessions(stage.number(46, 48), "catalogue-web");
    const [setup] = web;
    await setup?.query(
      "CREATE TABLE articles (article_no int unsigned NOT NULL, category_no smallint unsigned NOT NULL, title varchar(80) NOT NULL, PRIMARY KEY (article_no), KEY by_category (category_no, article_no))",
    );
    const rows = Array.from(
      { length: 600 },
      (_, index) => `(${index + 1}, ${index % 30}, 'article ${index}')`,
    );
    await setup?.query(`INSERT INTO articles VALUES ${rows.join(", ")}`);
    await setup?.query("ANALYZE TABLE articles");
    await ordinaryWork(stage, 3);
    // Harmless: a page of an editor that has an article open for a moment.
    const [editor] = await stage.mySessions(1, "editor");
    await editor?.query("CREATE TABLE drafts (draft_no int PRIMARY KEY, body varchar(200))");
    await editor?.query("START TRANSACTION");
    await editor?.query("INSERT INTO drafts VALUES (1, 'autumn')");
    web.forEach((page, index) => {
      stage.leave(
        page.query(
          `SELECT article_no, title FROM articles WHERE category_no = ${index % 30} AND (SELECT ${4000 + index} FROM (SELECT(SLEEP(90)))xkQr) ORDER BY article_no LIMIT 24`,
        ),
      );
    });
    await pause(stage.number(12_000, 14_000));
    return { culprits: web.map((page) => page.threadId ?? 0) };
  },
});
