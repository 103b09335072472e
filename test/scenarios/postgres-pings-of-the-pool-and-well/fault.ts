import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "A pool asks SELECT 1 and a SET before each question: by calls these lead all statements, each takes nothing, and nobody suffers",
  tiers: ["immediate", "performance", "health"],
  make: async (stage) => {
    const [owner] = await stage.pgSessions(1, "setup");
    if (owner === undefined) throw new Error("no session");
    const customers = stage.number(20_000, 30_000);
    await owner.query(`CREATE TABLE customer_cards (id int PRIMARY KEY, name varchar(40) NOT NULL, points int NOT NULL);
      INSERT INTO customer_cards SELECT n, 'customer ' || n, n % 500 FROM generate_series(1, ${customers}) n`);
    await owner.query("VACUUM (ANALYZE) customer_cards");
    await ordinaryWork(stage, 3);
    const clients = await stage.pgSessions(9, "HikariPool-1");
    await keepRunning(stage, clients, 4000, async (client, turn) => {
      await client.query("SELECT 1");
      await client.query("SET application_name = 'HikariPool-1'");
      if (turn % 4 === 0)
        await client.query("SELECT name, points FROM customer_cards WHERE id = $1", [1 + (turn % customers)]);
      await pause(18);
    });
    return { culprits: [] };
  },
});
