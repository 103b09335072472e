import { makeTable, myWaiting, oneMy } from "../lock-waits.ts";
import type { MysqlFamily, Scenario } from "../scenario.ts";

/** Which of their names is whose transaction InnoDB does not say: they are candidates, and nothing is ended by guess. */
export const twoXaLeft = (engine: MysqlFamily): Scenario => ({
  engine,
  title: "A transaction manager died with two transactions prepared, and others wait for a row of one",
  tiers: ["immediate", "performance"],
  thresholds: { slowQuerySeconds: 0.3 },
  make: async (stage) => {
    const table = stage.table();
    const waiters = await stage.mySessions(stage.number(3, 12), stage.application());
    await makeTable(await oneMy(stage, "setup"), table);
    for (const [id, branch] of [
      [4, "stock"],
      [9, "billing"],
    ] as const) {
      const manager = await oneMy(stage, "manager");
      const xid = `'order-${stage.number(1000, 9999)}','${branch}',7`;
      await manager.query(`XA START ${xid}`);
      await manager.query(`UPDATE ${table} SET state = 'paid' WHERE id = ${id}`);
      await manager.query(`XA END ${xid}`);
      await manager.query(`XA PREPARE ${xid}`);
      manager.destroy();
    }
    for (const waiter of waiters)
      stage.leave(waiter.query(`UPDATE ${table} SET state = 'sent' WHERE id = 4`));
    await myWaiting(stage, waiters.length, 2);
    return { culprits: [] };
  },
});
