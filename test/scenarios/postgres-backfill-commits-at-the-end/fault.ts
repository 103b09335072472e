import { defineScenario } from "../scenario.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "A backfill updates batch after batch with a rest between, and commits once at the end: the shop waits for its rows",
  majors: [17],
  make: async (stage) => {
    const [table, notes] = [stage.table(), stage.table()];
    const [backfill] = await stage.pgSessions(1, "backfill-tax");
    const [editor] = await stage.pgSessions(1, stage.application());
    const shop = await stage.pgSessions(stage.number(9, 12), stage.application());
    await backfill?.query(
      `CREATE TABLE ${table} (id int PRIMARY KEY, total int NOT NULL, tax int, state text NOT NULL)`,
    );
    await backfill?.query(
      `INSERT INTO ${table} SELECT n, n % 900, NULL, 'new' FROM generate_series(1, 60000) n`,
    );
    await backfill?.query(`ANALYZE ${table}`);
    // Older than the backfill, idle too, and in nobody's way.
    await editor?.query(`CREATE TABLE ${notes} (id int PRIMARY KEY, note text)`);
    await editor?.query(`INSERT INTO ${notes} SELECT n, 'note' FROM generate_series(1, 50) n`);
    await editor?.query("BEGIN");
    await editor?.query(`UPDATE ${notes} SET note = 'edited' WHERE id = 3`);
    await ordinaryWork(stage, 2);
    const { rows } = (await backfill?.query("SELECT pg_backend_pid() AS pid")) ?? { rows: [] };
    await backfill?.query("BEGIN");
    let running = true;
    const batches = (async () => {
      for (let from = 1; running && from < 60_000; from += 400) {
        await backfill?.query(
          `UPDATE ${table} SET tax = total * 19 / 119 WHERE id BETWEEN ${from} AND ${from + 399}`,
        );
        await pause(350);
      }
    })();
    stage.leave(batches);
    stage.cleanUp(async () => {
      running = false;
      await Promise.allSettled([batches]);
    });
    await pause(4000);
    for (const [index, client] of shop.entries()) {
      stage.leave(client.query(`UPDATE ${table} SET state = 'paid' WHERE id = ${1 + index * 90}`));
      await pause(300);
    }
    await pause(26_000);
    return { culprits: [Number(rows[0]?.pid)] };
  },
});
