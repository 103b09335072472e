import { onePg } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";
import { settled } from "../support/settled.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "Nothing: ten workers each hold their job's row in an open transaction while they send it (SKIP LOCKED), and a leader holds an advisory lock that others only try",
  majors: [17],
  tiers: ["immediate", "performance", "health"],
  make: async (stage) => {
    await ordinaryWork(stage);
    const setup = await onePg(stage, "setup");
    await setup.query(
      `CREATE TABLE outbox (id bigserial PRIMARY KEY, state varchar(10) NOT NULL, body varchar(80) NOT NULL);
       INSERT INTO outbox (state, body) SELECT 'new', 'message ' || n FROM generate_series(1, 3000) AS n;
       CREATE INDEX outbox_new ON outbox (id) WHERE state = 'new'`,
    );
    await settled(setup, "outbox");
    const leader = await onePg(stage, "scheduler");
    await leader.query("SELECT pg_advisory_lock(74021)");
    const followers = await stage.pgSessions(2, "scheduler");
    await keepRunning(stage, followers, 4, async (follower) => {
      await follower.query("SELECT pg_try_advisory_lock(74021)");
      await pause(700);
    });
    const workers = await stage.pgSessions(10, "outbox-sender");
    await keepRunning(stage, workers, 40, async (worker, turn) => {
      await worker.query("BEGIN");
      const { rows } = await worker.query(
        "SELECT id, body FROM outbox WHERE state = 'new' ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED",
      );
      await pause(500 + (turn % 7) * 150);
      await worker.query("UPDATE outbox SET state = 'sent' WHERE id = $1", [rows[0]?.id]);
      await worker.query("COMMIT");
    });
    return { culprits: [] };
  },
});
