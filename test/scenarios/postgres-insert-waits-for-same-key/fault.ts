import { onePg, pgWaiting, pidOf } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { nowAndThen } from "../support/now-and-then.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "A payment's key is inserted and its transaction left open while a bank is asked; retries of the same key wait",
  thresholds: { idleInTransactionSeconds: 4, manyWaitingSeconds: 2 },
  make: async (stage) => {
    const [keys, table] = [`${stage.table()}_requests`, stage.table()];
    const first = await onePg(stage, stage.application());
    await first.query(`CREATE TABLE ${keys} (request_key text PRIMARY KEY, at timestamptz DEFAULT now())`);
    await first.query(`CREATE TABLE ${table} (id int PRIMARY KEY, n int)`);
    await first.query(`INSERT INTO ${table} SELECT n, 0 FROM generate_series(1, 400) n`);
    const other = await onePg(stage, stage.application());
    await nowAndThen(stage, other, (client, turn) =>
      client.query(`UPDATE ${table} SET n = n + 1 WHERE id = ${1 + (turn % 400)}`),
    );
    const pid = await pidOf(first);
    const key = `pay-${stage.number(10_000, 99_999)}`;
    await first.query("BEGIN");
    await first.query(`INSERT INTO ${keys} (request_key) VALUES ('${key}')`);
    const count = stage.number(12, 18);
    const retries = await stage.pgSessions(count, stage.application());
    for (const retry of retries) {
      stage.leave(
        retry.query(
          `INSERT INTO ${keys} (request_key) VALUES ('${key}') ON CONFLICT DO NOTHING RETURNING at`,
        ),
      );
    }
    await pgWaiting(stage, count, 6);
    return { culprits: [pid] };
  },
});
