import { onePg } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "A release went out before its migration: every second statement of the coupons service names a column that does not exist, and fails",
  majors: [14, 16, 18],
  tiers: ["immediate", "performance", "health"],
  make: async (stage) => {
    await ordinaryWork(stage);
    const setup = await onePg(stage, "setup");
    await setup.query(
      "CREATE TABLE coupons (id int PRIMARY KEY, code varchar(20) NOT NULL UNIQUE, used int NOT NULL)",
    );
    await setup.query("INSERT INTO coupons SELECT n, 'C' || n, 0 FROM generate_series(1, 4000) AS n");
    await setup.query("VACUUM ANALYZE coupons");
    await setup.end();
    const clients = await stage.pgSessions(8, "coupons-service");
    await keepRunning(stage, clients, 2500, async (client, turn) => {
      const id = 1 + (turn % 4000);
      await client.query(`SELECT code FROM coupons WHERE id = ${id}`);
      await client
        .query(`UPDATE coupons SET used = used + 1, redeemed_channel = 'web' WHERE id = ${id}`)
        .catch(() => undefined);
      await pause(60);
    });
    return { culprits: [] };
  },
});
