import { onePg } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "Nothing: the driver's pool ends every reading transaction with ROLLBACK, so that most transactions roll back and none fails",
  majors: [14, 16, 17],
  tiers: ["immediate", "performance", "health"],
  make: async (stage) => {
    await ordinaryWork(stage);
    const setup = await onePg(stage, "setup");
    await setup.query(
      "CREATE TABLE articles (id int PRIMARY KEY, headline varchar(40) NOT NULL, readers int NOT NULL)",
    );
    await setup.query("INSERT INTO articles SELECT n, 'article ' || n, 0 FROM generate_series(1, 4000) AS n");
    await setup.query("VACUUM ANALYZE articles");
    await setup.end();
    const clients = await stage.pgSessions(8, "gunicorn");
    await keepRunning(stage, clients, 2500, async (client, turn) => {
      await client.query("BEGIN");
      await client.query(`SELECT headline, readers FROM articles WHERE id = ${1 + (turn % 4000)}`);
      await client.query("ROLLBACK");
      await pause(60);
    });
    return { culprits: [] };
  },
});
