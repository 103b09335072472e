import { setTimeout as sleep } from "node:timers/promises";
import { waitUntil } from "../../lab/engines/sql.ts";
import { onePg } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { ordinaryWork } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title: "Harmless: pg_dump copies a table over a slow line, with an old snapshot and a lock on every table",
  majors: [18],
  tiers: ["immediate", "performance", "health"],
  thresholds: { longRunningSeconds: 4 },
  make: async (stage) => {
    const table = stage.table();
    await ordinaryWork(stage, 3);
    const dump = await onePg(stage, "pg_dump");
    await dump.query(`CREATE TABLE ${table} (id int PRIMARY KEY, body text NOT NULL)`);
    await dump.query(`INSERT INTO ${table} SELECT n, repeat('words ', 100) FROM generate_series(1, 90000) n`);
    await dump.query(`ANALYZE ${table}`);
    await dump.query("BEGIN");
    await dump.query("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY");
    await dump.query(`LOCK TABLE public.${table} IN ACCESS SHARE MODE`);
    const { stream } = (dump as unknown as { connection: { stream: import("node:net").Socket } }).connection;
    stage.leave(dump.query(`COPY public.${table} (id, body) TO stdout`));
    await sleep(20);
    stream.pause();
    // The line is slow: a little is taken now and then.
    const slowly = setInterval(() => {
      stream.resume();
      setTimeout(() => stream.pause(), 2).unref();
    }, 3000);
    stage.cleanUp(async () => {
      clearInterval(slowly);
      stream.destroy();
    });
    const watcher = await onePg(stage, "watcher");
    await waitUntil(
      async () => (await watcher.query("SELECT 1 FROM pg_stat_activity WHERE query LIKE 'COPY%'")).rowCount,
      { what: "the copy runs" },
    );
    await sleep(7000);
    return { culprits: [] };
  },
});
