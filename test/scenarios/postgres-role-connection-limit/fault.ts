import { Client } from "pg";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "The role of the application may have so many connections and has them; the server has room for more",
  tiers: ["immediate", "performance"],
  make: async (stage) => {
    const limit = stage.number(10, 16);
    const application = stage.application();
    const sessions = await stage.pgSessions(limit, application);
    const admin = new Client({ connectionString: stage.postgres().adminUrl });
    await admin.connect();
    await admin.query(`ALTER ROLE shop CONNECTION LIMIT ${limit}`);
    await admin.end();
    await keepRunning(stage, sessions.slice(0, 3), 20, (session) => session.query("SELECT pg_sleep(0.05)"));
    await keepRunning(stage, [1, 2], 40, () => stage.pgSessions(1, application).catch(() => undefined));
    return { culprits: [] };
  },
});
