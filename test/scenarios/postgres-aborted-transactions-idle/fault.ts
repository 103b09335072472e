import { onePg } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { nowAndThen } from "../support/now-and-then.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "Three clients met an error and have not said ROLLBACK yet: idle in transaction (aborted) holds neither lock nor snapshot",
  tiers: ["immediate", "performance"],
  thresholds: { idleInTransactionSeconds: 1 },
  make: async (stage) => {
    const table = stage.table();
    const application = stage.application();
    const failed = await stage.pgSessions(3, application);
    const busy = await onePg(stage, stage.application());
    await busy.query(`CREATE TABLE ${table} (id int PRIMARY KEY, n int)`);
    await busy.query(`INSERT INTO ${table} SELECT n, 0 FROM generate_series(1, 200) n`);
    for (const [index, client] of failed.entries()) {
      await client.query("BEGIN");
      await client.query(`UPDATE ${table} SET n = n + 1 WHERE id = ${index + 1}`);
      await client.query("SELECT 1 / 0").catch(() => undefined);
    }
    await nowAndThen(stage, busy, (session, turn) =>
      session.query(`UPDATE ${table} SET n = n + 1 WHERE id = ${(turn % 3) + 1}`),
    );
    return { culprits: [] };
  },
});
