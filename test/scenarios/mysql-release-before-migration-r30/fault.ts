import { oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { numbersTo } from "../support/mysql-numbers.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

// After https://github.com/mozilla/addons-server/issues/1128
export const scenario = defineScenario({
  engine: "mysql",
  title:
    "A release went out before its migration: its statement names a column that is not there and fails each time",
  tiers: ["immediate", "performance", "health"],
  make: async (stage) => {
    const setup = await oneMy(stage, stage.application());
    await setup.query(
      "CREATE TABLE parcels (id int AUTO_INCREMENT PRIMARY KEY, order_id int NOT NULL, state varchar(20) NOT NULL, KEY by_order (order_id))",
    );
    await setup.query(`INSERT INTO parcels (order_id, state) SELECT n, 'on its way' FROM ${numbersTo(5000)}`);
    await ordinaryWork(stage);
    const pods = await stage.mySessions(4, stage.application());
    await keepRunning(stage, pods, 300, async (pod, turn) => {
      await pod
        .query(`SELECT id, state, carrier_ref FROM parcels WHERE order_id = ${1 + (turn % 5000)}`)
        .catch(() => undefined);
      await pause(30);
    });
    return { culprits: [] };
  },
});
