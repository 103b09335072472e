import { onePg, pidOf } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "A new release of a worker never commits what it read: its sessions stay idle in transaction, one after another",
  tiers: ["immediate", "performance", "health"],
  majors: [14],
  server: { maxConnections: 60 },
  thresholds: { idleInTransactionSeconds: 4 },
  make: async (stage) => {
    const setup = await onePg(stage, "setup");
    await setup.query("CREATE TABLE price_rules (id int PRIMARY KEY, rule text NOT NULL)");
    await setup.query("INSERT INTO price_rules SELECT n, 'rule ' || n FROM generate_series(1, 300) n");
    await setup.end();
    await ordinaryWork(stage, 3);
    const workers = await stage.pgSessions(stage.number(24, 28), "pricing-worker");
    const culprits = await Promise.all(workers.map(pidOf));
    for (const [index, worker] of workers.entries()) {
      await worker.query("BEGIN");
      await worker.query(`SELECT rule FROM price_rules WHERE id = ${index + 1}`);
      if (index % 6 === 0) {
        await worker.query(`UPDATE price_rules SET rule = rule || '.' WHERE id = ${100 + index}`);
      }
      await pause(40);
    }
    await pause(7000);
    return { culprits };
  },
});
