import { Client } from "pg";
import { onePg } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title: "Freshly restarted: the cache is empty and fills, each page is read once from disk",
  tiers: ["immediate", "performance", "health"],
  majors: [18],
  server: { settings: { shared_buffers: "256MB" } },
  make: async (stage) => {
    const table = stage.table();
    const owner = await onePg(stage, stage.application());
    const clients = await stage.pgSessions(4, stage.application());
    await owner.query(`CREATE TABLE ${table} (id int PRIMARY KEY, body text)`);
    await owner.query(
      `INSERT INTO ${table} SELECT n, repeat(md5(n::text), 20) FROM generate_series(1, 200000) n`,
    );
    await owner.query(`ANALYZE ${table}`);
    // Restarting would take the sessions along; an emptied cache and fresh counters are what a restart leaves.
    const admin = new Client({ connectionString: stage.server.adminUrl });
    await admin.connect();
    await admin.query("CREATE EXTENSION IF NOT EXISTS pg_buffercache");
    await admin.query("SELECT pg_buffercache_evict_all()");
    await admin.query("SELECT pg_stat_reset()");
    await admin.query("SELECT pg_stat_statements_reset()");
    await admin.query("DROP EXTENSION pg_buffercache");
    await admin.end();
    await keepRunning(stage, clients, 300, async (client, turn) => {
      await client.query(`SELECT body FROM ${table} WHERE id = ${1 + ((turn * 7919) % 200_000)}`);
      await client.query("SELECT pg_sleep(0.02)");
    });
    return { culprits: [] };
  },
});
