import { onePg } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "Web sessions are touched by every request and pruned by age; each touch leaves a dead row, autovacuum keeps up",
  tiers: ["immediate", "performance", "health"],
  majors: [18],
  server: { settings: { autovacuum_naptime: "1s" } },
  make: async (stage) => {
    const setup = await onePg(stage, "setup");
    const live = stage.number(5000, 7000);
    await setup.query(
      "CREATE TABLE web_sessions (token text PRIMARY KEY, person uuid NOT NULL, data jsonb NOT NULL, touched_at timestamptz NOT NULL)",
    );
    await setup.query("CREATE INDEX web_sessions_touched ON web_sessions (touched_at)");
    await setup.query(
      `INSERT INTO web_sessions SELECT md5(n::text), md5('u' || n)::uuid, '{"cart": []}', clock_timestamp() FROM generate_series(1, ${live}) n`,
    );
    await setup.query("ANALYZE web_sessions");
    await ordinaryWork(stage);
    const requests = await stage.pgSessions(4, "storefront-web");
    const pruner = await stage.pgSessions(1, "session-pruner");
    await keepRunning(stage, pruner, 1, async (client, turn) => {
      await client.query(
        "DELETE FROM web_sessions WHERE touched_at < clock_timestamp() - interval '20 seconds'",
      );
      await client.query(
        "INSERT INTO web_sessions SELECT md5('new' || $1 || '-' || n), md5('u' || n)::uuid, '{}', clock_timestamp() FROM generate_series(1, 60) n",
        [String(turn)],
      );
      await pause(400);
    });
    await keepRunning(stage, requests, 9000, async (client, turn) => {
      await client.query("UPDATE web_sessions SET touched_at = clock_timestamp() WHERE token = md5($1)", [
        String(1 + ((turn * 13) % live)),
      ]);
      if (turn % 4 === 0) await pause(4);
    });
    return { culprits: [] };
  },
});
