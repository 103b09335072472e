import { defineScenario } from "../scenario.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title: "Every connection slot is taken; the responder itself is refused",
  // From 16 on the responder may use the reserved slots and gets in.
  majors: [14, 15],
  server: { maxConnections: 40 },
  make: async (stage) => {
    const application = stage.application();
    // One after the other until the server says no: what it keeps for superusers differs.
    for (let open = 0; open < 60; open += 1) {
      const opened = await stage.pgSessions(1, application).catch(() => null);
      if (opened === null) return { culprits: [] };
    }
    throw new Error("the slots did not run out");
  },
});
