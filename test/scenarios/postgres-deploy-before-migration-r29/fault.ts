import { onePg } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title: "A release went out before its migration: every profile page asks for a column that does not exist",
  tiers: ["immediate", "performance", "health"],
  majors: [16],
  make: async (stage) => {
    const setup = await onePg(stage, "setup");
    await setup.query("CREATE TABLE profiles (id int PRIMARY KEY, name text NOT NULL)");
    await setup.query("INSERT INTO profiles SELECT n, 'name ' || n FROM generate_series(1, 2000) n");
    await setup.query("ANALYZE profiles");
    await setup.end();
    await ordinaryWork(stage, 3);
    const pages = await stage.pgSessions(7, "web");
    await keepRunning(stage, pages, 400, async (page, turn) => {
      const id = 1 + (turn % 2000);
      if (turn % 3 === 0) await page.query("SELECT name FROM profiles WHERE id = $1", [id]);
      const asked = page.query("SELECT id, name, preferred_locale FROM profiles WHERE id = $1", [id]);
      await asked.catch(() => undefined);
      await pause(20);
    });
    await pause(3000);
    return { culprits: [] };
  },
});
