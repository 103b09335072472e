import { defineScenario } from "../scenario.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title: "A service without a pool opens connection after connection",
  server: { maxConnections: 60 },
  make: async (stage) => {
    const sessions = await stage.pgSessions(stage.number(46, 52), stage.application());
    for (const session of sessions) await session.query("SELECT 1");
    for (const session of sessions.slice(0, 10)) stage.leave(session.query("SELECT pg_sleep(30)"));
    return { culprits: [] };
  },
});
