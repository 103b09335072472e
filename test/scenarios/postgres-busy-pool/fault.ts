import { defineScenario } from "../scenario.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title: "A pool at seven tenths of the limit, freshly opened and at work",
  server: { maxConnections: 60 },
  make: async (stage) => {
    const sessions = await stage.pgSessions(stage.number(34, 40), stage.application());
    for (const session of sessions) stage.leave(session.query("SELECT pg_sleep(5)"));
    return { culprits: [] };
  },
});
