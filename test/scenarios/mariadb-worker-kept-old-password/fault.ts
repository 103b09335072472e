import { createConnection } from "mysql2/promise";
import { labUrl } from "../../lab/engines/lab-server.ts";
import { defineScenario } from "../scenario.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "mariadb",
  title:
    "The password was rotated; the web has the new one, the workers were not restarted and try the old one for ever",
  tiers: ["immediate", "performance"],
  make: async (stage) => {
    await ordinaryWork(stage, 4);
    const url = new URL(labUrl("mariadb", stage.server.port, "shop"));
    url.password = "of-last-quarter";
    let running = true;
    let refused = 0;
    const workers = Array.from({ length: stage.number(3, 5) }, async () => {
      while (running) {
        await createConnection({ uri: url.href }).then(
          (connection) => connection.end(),
          () => {
            refused += 1;
          },
        );
        await pause(120);
      }
    });
    stage.cleanUp(async () => {
      running = false;
      await Promise.allSettled(workers);
    });
    while (refused < 150) await pause(100);
    return { culprits: [] };
  },
});
