import { openSession, waitUntil } from "../../lab/engines/sql.ts";
import { onePg } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";
import { settled } from "../support/settled.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "Nothing: a deploy builds an index CONCURRENTLY and waits, as it must, for a batch's older snapshot; the index is not valid yet, and nobody waits for the build",
  majors: [16],
  tiers: ["immediate", "performance", "health"],
  make: async (stage) => {
    await ordinaryWork(stage, 3);
    const setup = await onePg(stage, "setup");
    await setup.query(
      `CREATE TABLE statements_sent (id int PRIMARY KEY, customer_id int NOT NULL, sent_on date NOT NULL, total int NOT NULL);
       INSERT INTO statements_sent SELECT n, n % 9000, current_date - n % 300, n % 700 FROM generate_series(1, 150000) AS n`,
    );
    await settled(setup, "statements_sent");
    const batch = await onePg(stage, "month-end");
    await batch.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
    await keepRunning(stage, [batch], 4, async (session, turn) => {
      await session.query("SELECT id, total FROM statements_sent WHERE id > $1 ORDER BY id LIMIT 200", [
        (turn * 200) % 140000,
      ]);
      await pause(60);
    });
    const deploy = await onePg(stage, "deploy");
    stage.leave(
      deploy.query("CREATE INDEX CONCURRENTLY statements_sent_customer ON statements_sent (customer_id)"),
    );
    const monitor = await openSession(stage.postgres(), { user: "rdsadmin", applicationName: "monitor" });
    await waitUntil(
      async () => {
        const { rows } = await monitor.query(
          "SELECT count(*)::int AS n FROM pg_locks WHERE NOT granted AND locktype = 'virtualxid'",
        );
        return Number(rows[0]?.n) === 1;
      },
      { what: "the build waits for the batch", timeoutMs: 30_000, everyMs: 100 },
    );
    await monitor.end();
    const shop = await stage.pgSessions(3, "billing-site");
    await keepRunning(stage, shop, 60, async (client, turn) => {
      await client.query("SELECT total FROM statements_sent WHERE id = $1", [1 + turn]);
      if (turn % 6 === 0) {
        await client.query("UPDATE statements_sent SET total = total + 1 WHERE id = $1", [1 + turn]);
      }
      await pause(40);
    });
    await pause(8000);
    return { culprits: [] };
  },
});
