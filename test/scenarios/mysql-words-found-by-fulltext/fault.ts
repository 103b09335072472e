import { openSession } from "../../lab/engines/sql.ts";
import { defineScenario } from "../scenario.ts";
import { busyCpu } from "../support/busy-cpu.ts";
import { keepRunning } from "../support/keep-running.ts";
import { numbersTo } from "../support/mysql-numbers.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "mysql",
  title: "A help centre is searched by words through its full-text index all day, and well",
  tiers: ["immediate", "performance", "health"],
  metrics: () => [busyCpu(52)],
  make: async (stage) => {
    const admin = await openSession(stage.mysql());
    stage.cleanUp(() => admin.end());
    const articles = stage.number(9000, 12_000);
    await admin.query(
      "CREATE TABLE app.help_articles (id int PRIMARY KEY, title varchar(80) NOT NULL, body varchar(400) NOT NULL, FULLTEXT KEY ft_help (title, body))",
    );
    await admin.query(
      `INSERT INTO app.help_articles SELECT n, CONCAT('invoice question', n % 700), CONCAT('term', n % 1300, ' refund', n % 900, ' parcel', n % 1700, ' account', n % 60) FROM ${numbersTo(articles)}`,
    );
    await admin.query("ANALYZE TABLE app.help_articles");
    await ordinaryWork(stage, 3);
    const clients = await stage.mySessions(stage.number(4, 6), "help-search");
    await keepRunning(stage, clients, 150, async (client, turn) => {
      await client.query(
        "SELECT id, title FROM help_articles WHERE MATCH (title, body) AGAINST (? IN BOOLEAN MODE) LIMIT 10",
        [`+term${turn % 1300} +refund${turn % 900}`],
      );
      await client.query("SELECT title, body FROM help_articles WHERE id = ?", [1 + (turn % 9000)]);
      await pause(45);
    });
    return { culprits: [] };
  },
});
