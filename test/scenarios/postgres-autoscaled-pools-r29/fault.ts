import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "The storefront was scaled out and each copy keeps its own pool: all connections are in use and few are left",
  tiers: ["immediate", "performance", "health"],
  majors: [17],
  server: { maxConnections: 60 },
  make: async (stage) => {
    await ordinaryWork(stage, 3);
    const [first, ...others] = await stage.pgSessions(stage.number(41, 43), "storefront-api");
    const workers = await stage.pgSessions(6, "mail-worker");
    await first?.query("CREATE TABLE articles (id int PRIMARY KEY, title text NOT NULL)");
    await first?.query("INSERT INTO articles SELECT n, 'article ' || n FROM generate_series(1, 500) n");
    const all = [...others, ...workers, ...(first ? [first] : [])];
    await keepRunning(stage, all, 400, async (session, turn) => {
      await session.query(`SELECT title FROM articles WHERE id = ${1 + (turn % 500)}`);
      await pause(300 + (turn % 7) * 200);
    });
    await pause(4000);
    return { culprits: [] };
  },
});
