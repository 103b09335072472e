import { onePg } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "Accounts are deleted one by one, and each delete scans the whole child table: its foreign key has no index",
  tiers: ["immediate", "performance", "health"],
  majors: [18],
  make: async (stage) => {
    await ordinaryWork(stage);
    const parent = `${stage.table()}_accounts`;
    const child = `${parent}_logins`;
    const owner = await onePg(stage, "deploy");
    await owner.query(`CREATE TABLE ${parent} (id int PRIMARY KEY, email text NOT NULL UNIQUE)`);
    await owner.query(
      `INSERT INTO ${parent} SELECT g, 'user' || g || '@example.com' FROM generate_series(1, 30000) g`,
    );
    await owner.query(
      `CREATE TABLE ${child} (id bigserial PRIMARY KEY, account_id int NOT NULL REFERENCES ${parent} ON DELETE CASCADE,
        at timestamptz NOT NULL, agent text)`,
    );
    await owner.query(
      `INSERT INTO ${child} (account_id, at, agent)
      SELECT 1 + g % 30000, now() - g * interval '1 minute', 'Mozilla/5.0 ' || g FROM generate_series(1, ${stage.number(560_000, 620_000)}) g`,
    );
    await owner.query(`CREATE INDEX ON ${child} (at)`);
    await owner.query(`ANALYZE ${parent}`);
    await owner.query(`ANALYZE ${child}`);
    await owner.end();
    const purge = await stage.pgSessions(3, "account-purge");
    await keepRunning(stage, purge, 60, async (session, turn) => {
      await session.query(`DELETE FROM ${parent} WHERE id = $1`, [1 + (turn % 30_000)]);
    });
    return { culprits: [] };
  },
});
