import { oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { numbersTo } from "../support/mysql-numbers.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

// After https://github.com/codalab/codalab-worksheets/pull/3008
export const scenario = defineScenario({
  engine: "mariadb",
  title: "The int key of the audit trail has used its last number: every insert fails, reads go on",
  tiers: ["immediate", "performance", "health"],
  make: async (stage) => {
    const setup = await oneMy(stage, stage.application());
    await setup.query(
      "CREATE TABLE audit_events (id int NOT NULL AUTO_INCREMENT PRIMARY KEY, actor int NOT NULL, what varchar(60) NOT NULL, KEY by_actor (actor)) AUTO_INCREMENT = 2147482000",
    );
    await setup.query(
      `INSERT INTO audit_events (actor, what) SELECT n % 50, 'signed in' FROM ${numbersTo(1500)}`,
    );
    await setup.query("INSERT INTO audit_events VALUES (2147483647, 7, 'signed out')");
    await ordinaryWork(stage);
    const clients = await stage.mySessions(3, stage.application());
    await keepRunning(stage, clients, 200, async (client, turn) => {
      await client.query(`SELECT what FROM audit_events WHERE actor = ${turn % 50} LIMIT 5`);
      await client
        .query(`INSERT INTO audit_events (actor, what) VALUES (${turn % 50}, 'signed in')`)
        .catch(() => undefined);
      await pause(40);
    });
    return { culprits: [] };
  },
});
