import { createHash } from "node:crypto";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title: "A release looks up sessions by a column that no index has: each request reads the whole table",
  majors: [16],
  tiers: ["immediate", "performance", "health"],
  make: async (stage) => {
    const table = stage.table();
    await ordinaryWork(stage);
    const clients = await stage.pgSessions(6, stage.application());
    const [setup] = clients;
    await setup?.query(
      `CREATE TABLE ${table} (id bigserial PRIMARY KEY, account_id int NOT NULL, token text NOT NULL,
        made_at timestamptz NOT NULL DEFAULT now(), agent text)`,
    );
    await setup?.query(
      `INSERT INTO ${table} (account_id, token, agent)
        SELECT n % 5000, md5(n::text), repeat('Mozilla/5.0 ', 8) FROM generate_series(1, 600000) n`,
    );
    await setup?.query(`CREATE INDEX ON ${table} (account_id)`);
    await setup?.query(`ANALYZE ${table}`);
    // A small table that everybody reads from end to end, which is as it should be.
    const small = stage.table();
    await setup?.query(`CREATE TABLE ${small} (code text, name text)`);
    await setup?.query(`INSERT INTO ${small} SELECT 'c' || n, 'country ' || n FROM generate_series(1, 60) n`);
    await keepRunning(stage, clients, 90, async (client, turn) => {
      await client.query(`SELECT name FROM ${small} WHERE code = $1`, [`c${1 + (turn % 60)}`]);
      const token = createHash("md5")
        .update(String(1 + ((turn * 7919) % 600_000)))
        .digest("hex");
      await client.query(`SELECT id, account_id, agent FROM ${table} WHERE token = $1`, [token]);
    });
    return { culprits: [] };
  },
});
