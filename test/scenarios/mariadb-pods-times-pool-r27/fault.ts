import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

// After https://github.com/PomeloFoundation/Pomelo.EntityFrameworkCore.MySql/issues/1750
export const scenario = defineScenario({
  engine: "mariadb",
  title:
    "Four pods with pools of thirteen have all but filled sixty slots; every connection is in use time and again",
  server: { maxConnections: 60 },
  make: async (stage) => {
    const name = stage.application();
    const pools = await Promise.all([1, 2, 3, 4].map(() => stage.mySessions(13, name)));
    const sessions = pools.flat();
    await ordinaryWork(stage);
    await keepRunning(stage, sessions, 600, async (session) => {
      await session.query("SELECT NOW(6)");
      await pause(stage.number(350, 700));
    });
    return { culprits: [] };
  },
});
