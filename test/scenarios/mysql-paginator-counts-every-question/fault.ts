import { defineScenario } from "../scenario.ts";
import { busyCpu } from "../support/busy-cpu.ts";
import { keepRunning } from "../support/keep-running.ts";
import { numbersTo } from "../support/mysql-numbers.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

/** https://github.com/KnpLabs/knp-components/issues/65 */
export const scenario = defineScenario({
  engine: "mysql",
  title:
    "Doctrine's paginator counts all questions for each page of the forum, by a distinct copy of their keys",
  tiers: ["immediate", "performance"],
  make: async (stage) => {
    const pages = await stage.mySessions(stage.number(3, 5), "forum");
    const [moderator] = await stage.mySessions(1, "moderation");
    const rows = stage.number(50_000, 60_000);
    const [setup] = pages;
    await setup?.query(
      "CREATE TABLE category (id int AUTO_INCREMENT PRIMARY KEY, title varchar(80) NOT NULL)",
    );
    await setup?.query(`INSERT INTO category (title) SELECT CONCAT('category ', n) FROM ${numbersTo(30)}`);
    await setup?.query(
      "CREATE TABLE question (id int AUTO_INCREMENT PRIMARY KEY, user_id int NOT NULL, category_id int NOT NULL, subject varchar(120) NOT NULL, content text NOT NULL, views int NOT NULL, active tinyint(1) NOT NULL, created_at datetime NOT NULL, updated_at datetime NULL, KEY IDX_user (user_id), KEY IDX_category (category_id), KEY IDX_created (created_at))",
    );
    await setup?.query(
      `INSERT INTO question (user_id, category_id, subject, content, views, active, created_at) SELECT n % 4000, 1 + n % 30, CONCAT('How do I ', n), REPEAT('word ', 20), n % 70, n % 25 <> 0, NOW() - INTERVAL n MINUTE FROM ${numbersTo(rows)}`,
    );
    await setup?.query("ANALYZE TABLE question, category");
    await ordinaryWork(stage, 3);
    if (moderator)
      await keepRunning(stage, [moderator], 6, async (client, turn) => {
        await client.query("START TRANSACTION");
        await client.query("UPDATE question SET active = 1 - active WHERE id = ?", [1 + turn]);
        await pause(500);
        await client.query("COMMIT");
        await pause(200);
      });
    await keepRunning(stage, pages, 80, async (client, turn) => {
      await client.query(
        "SELECT COUNT(*) AS dctrn_count FROM (SELECT DISTINCT id_0 FROM (SELECT q0_.id AS id_0, q0_.subject AS subject_1, q0_.views AS views_2, q0_.content AS content_3, q0_.created_at AS created_at_4, c1_.title AS title_5 FROM question q0_ INNER JOIN category c1_ ON q0_.category_id = c1_.id WHERE q0_.active = ? ORDER BY q0_.created_at DESC) dctrn_result) dctrn_table",
        [1],
      );
      await client.query(
        "SELECT q0_.id AS id_0, q0_.subject AS subject_1, c1_.title AS title_5 FROM question q0_ INNER JOIN category c1_ ON q0_.category_id = c1_.id WHERE q0_.active = ? ORDER BY q0_.created_at DESC LIMIT 20 OFFSET ?",
        [1, (turn % 5) * 20],
      );
    });
    return { culprits: [] };
  },
  metrics: () => [busyCpu(95)],
});
