import { makeTable, onePg, pgWaiting, pidOf } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { ordinaryWork } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  majors: [16],
  title:
    "Somebody corrected rows in a GUI without autocommit and went for lunch; whoever buys these rows waits",
  thresholds: { idleInTransactionSeconds: 2, manyWaitingSeconds: 2 },
  make: async (stage) => {
    const table = stage.table();
    const person = await onePg(stage, "DBeaver 24.2.1 - SQLEditor <Script-4.sql>");
    const report = await onePg(stage, "month-report");
    const buyers = await stage.pgSessions(stage.number(9, 13), stage.application());
    await makeTable(person, table);
    await ordinaryWork(stage);
    // Reads the same table and is slow, but nobody waits for it.
    stage.leave(report.query(`SELECT state, count(*), pg_sleep(50)::text FROM ${table} GROUP BY state`));
    const culprit = await pidOf(person);
    await person.query("BEGIN");
    await person.query(`UPDATE ${table} SET state = 'corrected' WHERE id <= 40`);
    await person.query(`SELECT * FROM ${table} WHERE id <= 40`);
    for (const [index, buyer] of buyers.entries()) {
      stage.leave(buyer.query(`UPDATE ${table} SET n = n + 1 WHERE id = $1`, [1 + index * 3]));
    }
    await pgWaiting(stage, buyers.length, 4);
    return { culprits: [culprit] };
  },
});
