import { createConnection } from "mysql2/promise";
import { openSession } from "../../lab/engines/sql.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "mysql",
  title:
    "A secret was rotated; some pods still sign in with the old password, are refused, and try again all the time",
  tiers: ["immediate", "performance", "health"],
  make: async (stage) => {
    const user = `${stage.application()}_app`;
    const admin = await openSession(stage.mysql());
    await admin.query(`CREATE USER ${user}@'%' IDENTIFIED BY 'before-rotation'`);
    await admin.query(`GRANT SELECT, INSERT, UPDATE ON app.* TO ${user}@'%'`);
    const signIn = (password: string) =>
      createConnection({ host: "127.0.0.1", port: stage.server.port, user, password, database: "app" });
    const pooled = await Promise.all([signIn("before-rotation"), signIn("before-rotation")]);
    stage.cleanUp(() => Promise.all(pooled.map((each) => each.end())));
    await ordinaryWork(stage);
    await admin.query(`ALTER USER ${user}@'%' IDENTIFIED BY 'after-rotation'`);
    await admin.end();
    // Pools that are still open go on; what they have lost they cannot open again.
    await keepRunning(stage, pooled, 4, async (client) => {
      await client.query("SELECT 1");
      await pause(200);
    });
    const pods = Array.from({ length: 6 }, (_, index) => index);
    await keepRunning(stage, pods, 150, async () => {
      await signIn("before-rotation").then(
        (client) => client.end(),
        () => undefined,
      );
      await pause(120);
    });
    return { culprits: [] };
  },
});
