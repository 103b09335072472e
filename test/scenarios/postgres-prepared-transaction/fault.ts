import { makeTable, onePg, pgWaiting } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title: "A transaction manager died between prepare and commit; no session holds the lock",
  server: { settings: { max_prepared_transactions: "8" } },
  thresholds: { slowQuerySeconds: 0.3 },
  make: async (stage) => {
    const table = stage.table();
    const manager = await onePg(stage, stage.application());
    const waiters = await stage.pgSessions(stage.number(3, 14), stage.application());
    await makeTable(manager, table);
    await manager.query("BEGIN");
    await manager.query(`UPDATE ${table} SET state = 'paid' WHERE id = 4`);
    await manager.query(`PREPARE TRANSACTION 'tx-${stage.number(1000, 9999)}'`);
    await manager.end();
    for (const waiter of waiters) {
      stage.leave(waiter.query(`UPDATE ${table} SET state = 'sent' WHERE id = 4`));
    }
    await pgWaiting(stage, waiters.length, 1);
    return { culprits: [] };
  },
});
