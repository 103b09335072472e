import { waitUntil } from "../../lab/engines/sql.ts";
import { defineScenario } from "../scenario.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title: "An application forgot to commit; others want the row that it changed",
  thresholds: { slowQuerySeconds: 0.3 },
  make: async (stage) => {
    const table = stage.table();
    const [holder] = await stage.pgSessions(1, stage.application());
    const waiters = await stage.pgSessions(stage.number(6, 25), stage.application());
    if (holder === undefined) throw new Error("no session");
    await holder.query(`CREATE TABLE ${table} (id int PRIMARY KEY, state text)`);
    await holder.query(`INSERT INTO ${table} SELECT n, 'new' FROM generate_series(1, 50) n`);
    await holder.query("BEGIN");
    await holder.query(`UPDATE ${table} SET state = 'paid' WHERE id = 7`);
    for (const waiter of waiters)
      stage.leave(waiter.query(`UPDATE ${table} SET state = 'sent' WHERE id = 7`));
    const [watcher] = await stage.pgSessions(1, "watcher");
    const waiting = "SELECT count(*)::int AS n FROM pg_locks WHERE NOT granted";
    await waitUntil(async () => Number((await watcher?.query(waiting))?.rows[0].n) === waiters.length, {
      what: "everybody to wait",
    });
    await watcher?.query("SELECT pg_sleep(1.2)");
    return { culprits: [Number((await holder.query("SELECT pg_backend_pid() AS pid")).rows[0].pid)] };
  },
});
