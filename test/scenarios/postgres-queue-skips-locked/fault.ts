import { onePg } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "Ten workers take jobs with SKIP LOCKED, work inside the transaction and delete them: busy, and nobody waits",
  tiers: ["immediate", "performance", "health"],
  majors: [15],
  make: async (stage) => {
    const [jobs, calm] = [stage.table(), stage.table()];
    const owner = await onePg(stage, stage.application());
    const [site, workers] = [stage.application(), stage.application()];
    await owner.query(
      `CREATE TABLE ${calm} (id int PRIMARY KEY, n int); INSERT INTO ${calm} SELECT n, 0 FROM generate_series(1, 3000) n`,
    );
    await owner.query(
      `CREATE TABLE ${jobs} (id bigserial PRIMARY KEY, kind text NOT NULL, run_at timestamptz NOT NULL DEFAULT now(), payload text)`,
    );
    await owner.query(
      `INSERT INTO ${jobs} (kind, payload) SELECT 'mail', md5(n::text) FROM generate_series(1, 300) n`,
    );
    await owner.query(`CREATE INDEX ON ${jobs} (run_at, id)`);
    const others = await stage.pgSessions(4, site);
    await keepRunning(stage, others, 40, async (client, turn) => {
      await client.query(`UPDATE ${calm} SET n = n + 1 WHERE id = $1`, [1 + ((turn * 37) % 3000)]);
      await client.query(`INSERT INTO ${jobs} (kind, payload) VALUES ('mail', $1)`, [String(turn)]);
      await new Promise((resolve) => setTimeout(resolve, 60));
    });
    const pool = await stage.pgSessions(10, workers);
    await keepRunning(stage, pool, 300, async (client, turn) => {
      await client.query("BEGIN");
      const next = await client.query(
        `SELECT id, payload FROM ${jobs} WHERE run_at <= now() ORDER BY run_at, id LIMIT 1 FOR UPDATE SKIP LOCKED`,
      );
      await new Promise((resolve) => setTimeout(resolve, 60 + ((turn * 53) % 140)));
      if (next.rows[0] !== undefined)
        await client.query(`DELETE FROM ${jobs} WHERE id = $1`, [next.rows[0].id]);
      await client.query("COMMIT");
    });
    return { culprits: [] };
  },
});
