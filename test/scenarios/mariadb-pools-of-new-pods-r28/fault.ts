import { createConnection } from "mysql2/promise";
import { labUrl } from "../../lab/engines/lab-server.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "mariadb",
  title:
    "Autoscaling added pods and each brings a full pool: working connections fill the limit, and the next pod is refused",
  tiers: ["immediate", "performance", "health"],
  server: { maxConnections: 60 },
  make: async (stage) => {
    await ordinaryWork(stage, 3);
    const pods = await stage.mySessions(52, "storefront");
    await pods[0]?.query("CREATE TABLE pages (id int PRIMARY KEY, title varchar(40) NOT NULL)");
    const rows = Array.from({ length: 200 }, (_, index) => `(${index + 1}, 'page ${index}')`);
    await pods[0]?.query(`INSERT INTO pages VALUES ${rows.join(", ")}`);
    // Every connection works every second: none is forgotten.
    await keepRunning(stage, pods, 150, async (one, turn) => {
      await one.query(`SELECT title FROM pages WHERE id = ${1 + (turn % 200)}`);
      await pause(600 + (turn % 7) * 60);
    });
    // The next pod fills its pool as far as it gets, gives up, and its connections go with it.
    const uri = labUrl("mariadb", stage.server.port, "shop");
    for (let round = 0; round < 3; round += 1) {
      const tries = await Promise.allSettled(Array.from({ length: 14 }, () => createConnection({ uri })));
      const opened = tries.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
      if (opened.length === tries.length) throw new Error("nobody was refused");
      for (const one of opened) await one.end();
      await pause(500);
    }
    return { culprits: [] };
  },
});
