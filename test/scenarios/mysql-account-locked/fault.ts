import { createConnection } from "mysql2/promise";
import { openSession } from "../../lab/engines/sql.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";

export const scenario = defineScenario({
  engine: "mysql",
  title: "The account of one service was locked; all of its sign-ins are refused, the others work",
  tiers: ["immediate", "performance"],
  make: async (stage) => {
    const user = `${stage.application()}_app`;
    const password = "of-the-scenario";
    const admin = await openSession(stage.mysql());
    await admin.query(`CREATE USER '${user}'@'%' IDENTIFIED BY '${password}' ACCOUNT LOCK`);
    await admin.end();
    const others = await stage.mySessions(stage.number(3, 6), stage.application());
    await keepRunning(stage, others, 20, (other) => other.query("SELECT SLEEP(0.05)"));
    const { port } = stage.mysql();
    await keepRunning(stage, [1, 2, 3], stage.number(60, 90), () =>
      createConnection({ host: "127.0.0.1", port, user, password }).catch(() => undefined),
    );
    return { culprits: [] };
  },
});
