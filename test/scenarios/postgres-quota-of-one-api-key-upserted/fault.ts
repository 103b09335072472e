import { onePg } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

const take =
  "INSERT INTO api_quota (api_key, bucket, hits) VALUES ($1, date_trunc('hour', now()), 1) ON CONFLICT (api_key, bucket) DO UPDATE SET hits = api_quota.hits + 1 RETURNING hits";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "Every call of the API adds to its key's counter of the hour and commits after the handler; one customer makes nearly all the calls",
  majors: [18, 14],
  make: async (stage) => {
    const setup = await onePg(stage, "setup");
    await setup.query(
      "CREATE TABLE api_quota (api_key text, bucket timestamptz, hits bigint NOT NULL, PRIMARY KEY (api_key, bucket))",
    );
    await setup.query(
      "INSERT INTO api_quota SELECT 'key_' || n, date_trunc('hour', now()), 1 FROM generate_series(1, 400) n",
    );
    await setup.query(
      "CREATE TABLE api_calls (call uuid PRIMARY KEY, api_key text NOT NULL, path text NOT NULL)",
    );
    await ordinaryWork(stage);
    const others = await stage.pgSessions(3, "api-gateway");
    const callOf = async (client: (typeof others)[number], key: string, turn: number): Promise<void> => {
      await client.query("BEGIN");
      await client.query(take, [key]);
      await client.query("INSERT INTO api_calls VALUES (gen_random_uuid(), $1, $2)", [
        key,
        `/v2/items/${turn}`,
      ]);
      await pause(60);
      await client.query("COMMIT");
    };
    await keepRunning(stage, others, 10, (client, turn) => callOf(client, `key_${1 + (turn % 390)}`, turn));
    const busy = await stage.pgSessions(stage.number(14, 18), "api-gateway");
    await keepRunning(stage, busy, 120, (client, turn) => callOf(client, "key_398", turn));
    return { culprits: [] };
  },
});
