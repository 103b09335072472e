import { makeTable, myWaiting, oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";

export const scenario = defineScenario({
  engine: "mariadb",
  title: "A transaction manager died between XA PREPARE and XA COMMIT; no session holds the row",
  thresholds: { slowQuerySeconds: 0.3 },
  make: async (stage) => {
    const table = stage.table();
    const manager = await oneMy(stage, stage.application());
    const waiters = await stage.mySessions(stage.number(3, 12), stage.application());
    await makeTable(manager, table);
    const xid = `order-${stage.number(1000, 9999)}`;
    await manager.query(`XA START '${xid}'`);
    await manager.query(`UPDATE ${table} SET state = 'paid' WHERE id = 4`);
    await manager.query(`XA END '${xid}'`);
    await manager.query(`XA PREPARE '${xid}'`);
    await manager.end();
    for (const waiter of waiters)
      stage.leave(waiter.query(`UPDATE ${table} SET state = 'sent' WHERE id = 4`));
    await myWaiting(stage, waiters.length, 2);
    return { culprits: [] };
  },
});
