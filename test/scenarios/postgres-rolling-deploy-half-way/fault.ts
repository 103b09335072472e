import { openSession } from "../../lab/engines/sql.ts";
import { onePg } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "A rolling release half way: the new pods open their pools while the old ones still have theirs, and all fits",
  tiers: ["immediate", "performance", "health"],
  majors: [17],
  server: { maxConnections: 100 },
  make: async (stage) => {
    const table = stage.table();
    const [site, worker] = [stage.application(), stage.application()];
    const owner = await onePg(stage, "deploy");
    await owner.query(
      `CREATE TABLE ${table} (id int PRIMARY KEY, n int, at timestamptz); INSERT INTO ${table} SELECT n, 0, now() FROM generate_series(1, 20000) n`,
    );
    await owner.query(`ANALYZE ${table}`);
    const old = await stage.pgSessions(18, site);
    const fresh = await stage.pgSessions(16, site);
    const jobs = await stage.pgSessions(4, worker);
    await keepRunning(stage, [...old.slice(0, 6), ...fresh, ...jobs], 300, async (client, turn) => {
      await client.query(`SELECT n FROM ${table} WHERE id = $1`, [1 + ((turn * 37) % 20_000)]);
      await client.query(`UPDATE ${table} SET n = n + 1 WHERE id = $1`, [1 + ((turn * 53) % 20_000)]);
      await new Promise((resolve) => setTimeout(resolve, 90));
    });
    // One pod after another: a connection or two a second, which stay.
    await keepRunning(stage, ["next pod"], 3, async () => {
      const client = await openSession(stage.postgres(), { user: "shop", applicationName: site });
      stage.cleanUp(() => client.end());
      await client.query(`SELECT n FROM ${table} WHERE id = 1`);
      await new Promise((resolve) => setTimeout(resolve, 600));
    });
    return { culprits: [] };
  },
});
