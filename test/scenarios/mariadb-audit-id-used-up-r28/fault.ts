import { oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "mariadb",
  title:
    "The INT id of the audit table has reached 2147483647: every insert fails, and with it every action that is audited",
  tiers: ["immediate", "performance", "health"],
  make: async (stage) => {
    await ordinaryWork(stage);
    const setup = await oneMy(stage, "migration");
    await setup.query(`CREATE TABLE audit_trail (id int AUTO_INCREMENT PRIMARY KEY, who varchar(20) NOT NULL,
      what varchar(40) NOT NULL)`);
    await setup.query("ALTER TABLE audit_trail AUTO_INCREMENT = 2147483600");
    const writers = await stage.mySessions(3, "api");
    await keepRunning(stage, writers, 200, async (one, turn) => {
      await one
        .query(`INSERT INTO audit_trail (who, what) VALUES ('user${turn % 50}', 'signed in')`)
        .catch(() => undefined);
      await pause(30);
    });
    return { culprits: [] };
  },
});
