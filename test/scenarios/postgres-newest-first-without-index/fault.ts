import { onePg } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "The newest twenty of a table that was loaded and analyzed in one transaction, without an index to find them",
  tiers: ["immediate", "performance", "health"],
  make: async (stage) => {
    const table = stage.table();
    const owner = await onePg(stage, "setup");
    await owner.query(
      `CREATE TABLE ${table} (id bigserial PRIMARY KEY, owner int, created timestamptz, body text); INSERT INTO ${table} (owner, created, body) SELECT n % 5000, now() - n * interval '1 second', md5(n::text) FROM generate_series(1, 200000) n; ANALYZE ${table}`,
    );
    const clients = await stage.pgSessions(5, stage.application());
    await keepRunning(stage, clients, 60, (client) =>
      client.query(`SELECT id, body FROM ${table} ORDER BY created DESC LIMIT 20`),
    );
    return { culprits: [] };
  },
});
