import { defineScenario } from "../scenario.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "mysql",
  title:
    "Healthy: a handful of queue workers rest between two polls by SELECT SLEEP(), each in a statement that is long and does nothing",
  tiers: ["immediate", "performance"],
  thresholds: { longRunningSeconds: 6, slowQuerySeconds: 0.5 },
  make: async (stage) => {
    const workers = await stage.mySessions(stage.number(4, 6), "outbox-worker");
    const [setup] = workers;
    await setup?.query(
      "CREATE TABLE outbox (message_no bigint unsigned NOT NULL AUTO_INCREMENT, sent_at datetime NULL, topic varchar(30) NOT NULL, PRIMARY KEY (message_no), KEY by_sent (sent_at, message_no))",
    );
    const rows = Array.from(
      { length: 300 },
      (_, index) => `(NOW() - INTERVAL ${index} MINUTE, 'topic-${index % 5}')`,
    );
    await setup?.query(`INSERT INTO outbox (sent_at, topic) VALUES ${rows.join(", ")}`);
    await setup?.query("ANALYZE TABLE outbox");
    await ordinaryWork(stage, 3);
    for (const worker of workers) {
      await worker.query(
        "SELECT message_no, topic FROM outbox WHERE sent_at IS NULL ORDER BY message_no LIMIT 50",
      );
      stage.leave(worker.query("SELECT SLEEP(60)"));
    }
    await pause(stage.number(10_000, 12_000));
    return { culprits: [] };
  },
});
