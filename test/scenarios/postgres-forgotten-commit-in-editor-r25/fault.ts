import { onePg, pgWaiting, pidOf } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { ordinaryWork } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title: "Somebody mended rows by hand in an SQL editor with auto-commit off, and went to lunch",
  majors: [14],
  thresholds: { slowQuerySeconds: 0.3, idleInTransactionSeconds: 2 },
  make: async (stage) => {
    const table = stage.table();
    await ordinaryWork(stage);
    const person = await onePg(stage, "DBeaver 24.1.0 - SQLEditor <Script-3.sql>");
    const waiters = await stage.pgSessions(7, stage.application());
    const report = await onePg(stage, "metabase");
    const reader = await onePg(stage, stage.application());
    await person.query(
      `CREATE TABLE ${table} (id int PRIMARY KEY, state text NOT NULL, n int NOT NULL DEFAULT 0)`,
    );
    await person.query(`INSERT INTO ${table} SELECT n, 'new', 0 FROM generate_series(1, 3000) n`);
    const culprit = await pidOf(person);
    // In nobody's way: a transaction that has only read, and a report that reads for long.
    await reader.query("BEGIN");
    await reader.query(`SELECT count(*) FROM ${table}`);
    stage.leave(
      report.query(
        `SELECT sum(a.n * b.n * c.n) FROM ${table} a CROSS JOIN ${table} b CROSS JOIN ${table} c WHERE c.id < 200`,
      ),
    );
    await person.query("BEGIN");
    await person.query(`UPDATE ${table} SET state = 'paid' WHERE id BETWEEN 1 AND 20`);
    await person.query(`SELECT * FROM ${table} WHERE id BETWEEN 1 AND 20`);
    for (const [index, waiter] of waiters.entries()) {
      stage.leave(waiter.query(`UPDATE ${table} SET n = n + 1 WHERE id = ${index + 1}`));
    }
    await pgWaiting(stage, waiters.length, 4);
    return { culprits: [culprit] };
  },
});
