import { openSession } from "../../lab/engines/sql.ts";
import { onePg, pgWaiting, pidOf } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { ordinaryWork } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  majors: [16],
  title:
    "Erasing old accounts cascades into a big table whose foreign key has no index; who signs in meanwhile waits",
  tiers: ["immediate", "performance", "health"],
  thresholds: { longRunningSeconds: 6 },
  make: async (stage) => {
    const owner = await openSession(stage.postgres(), { user: "shop" });
    stage.cleanUp(() => owner.end());
    const rows = stage.number(420_000, 500_000);
    await owner.query(`CREATE TABLE accounts (id int PRIMARY KEY, mail text NOT NULL, seen_at timestamptz);
      CREATE TABLE account_activity (id bigserial PRIMARY KEY, account_id int NOT NULL REFERENCES accounts ON DELETE CASCADE, what text NOT NULL);
      INSERT INTO accounts SELECT n, 'a' || n || '@example.org', now() FROM generate_series(1, 20000) n;
      INSERT INTO account_activity (account_id, what) SELECT 1 + n % 20000, 'login' FROM generate_series(1, ${rows}) n`);
    await owner.query("VACUUM ANALYZE accounts, account_activity");
    await ordinaryWork(stage, 3);
    // Nobody waits for this one: its row is nobody else's.
    const forgotten = await onePg(stage, "backoffice");
    await forgotten.query("CREATE TABLE notes (id int PRIMARY KEY, text text)");
    await forgotten.query("INSERT INTO notes VALUES (1, 'a')");
    await forgotten.query("BEGIN");
    await forgotten.query("UPDATE notes SET text = 'b' WHERE id = 1");
    const eraser = await onePg(stage, "erasure-job");
    const culprit = await pidOf(eraser);
    stage.leave(eraser.query("DELETE FROM accounts WHERE id BETWEEN 1 AND 6000"));
    await owner.query("SELECT pg_sleep(1)");
    const clients = await stage.pgSessions(7, "sign-in");
    for (const [index, client] of clients.entries()) {
      const id = 100 + index * 300;
      const sql =
        index % 2 === 0
          ? `UPDATE accounts SET seen_at = now() WHERE id = ${id}`
          : `INSERT INTO account_activity (account_id, what) VALUES (${id}, 'login')`;
      stage.leave(client.query(sql));
    }
    await pgWaiting(stage, 7, 12);
    return { culprits: [culprit] };
  },
});
