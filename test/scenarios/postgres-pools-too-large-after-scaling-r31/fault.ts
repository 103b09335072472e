import { onePg } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "After autoscaling six pods keep eight connections each, all in use now and then, and hardly a slot is left",
  majors: [16, 17, 18],
  tiers: ["immediate", "performance", "health"],
  make: async (stage) => {
    await ordinaryWork(stage);
    const setup = await onePg(stage, "setup");
    await setup.query(
      "CREATE TABLE products (id int PRIMARY KEY, label varchar(40) NOT NULL, price int NOT NULL)",
    );
    await setup.query(
      "INSERT INTO products SELECT n, 'product ' || n, n % 900 FROM generate_series(1, 5000) AS n",
    );
    await setup.query("VACUUM ANALYZE products");
    await setup.end();
    const pods = await stage.pgSessions(48, "catalog-service");
    await keepRunning(stage, pods, 200, async (client, turn) => {
      await client.query(`SELECT label, price FROM products WHERE id = ${1 + (turn % 5000)}`);
      await pause(2500 + (turn % 7) * 300);
    });
    return { culprits: [] };
  },
});
