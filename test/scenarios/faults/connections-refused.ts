import type { MysqlFamily, Scenario } from "../scenario.ts";

export const connectionsRefused = (engine: MysqlFamily): Scenario => ({
  engine,
  title: "Every connection slot is taken; the responder itself is refused",
  server: { maxConnections: 30 },
  make: async (stage) => {
    const application = stage.application();
    for (let open = 0; open < 60; open += 1) {
      const opened = await stage.mySessions(1, application).catch(() => null);
      if (opened === null) return { culprits: [] };
    }
    throw new Error("the slots did not run out");
  },
});
