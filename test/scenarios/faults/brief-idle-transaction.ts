import { makeTable, myWaiting, oneMy, onePg, pgWaiting } from "../lock-waits.ts";
import type { MysqlFamily, Scenario } from "../scenario.ts";

const title =
  "A transaction pauses for some seconds between two statements, and one other waits: told, and nobody is ended for it";

/** Nobody is to blame yet: SPEC T gives it a minute while few wait. */
const innocent = { culprits: [] } as const;
const patience = "its transaction is seconds old and goes on by itself: SPEC T gives it a minute";

export const briefIdlePostgres: Scenario = {
  engine: "postgres",
  title,
  patience,
  make: async (stage) => {
    const table = stage.table();
    const holder = await onePg(stage, stage.application());
    const waiter = await onePg(stage, stage.application());
    await makeTable(holder, table);
    await holder.query("BEGIN");
    await holder.query(`UPDATE ${table} SET state = 'paid' WHERE id = 7`);
    stage.leave(waiter.query(`UPDATE ${table} SET state = 'sent' WHERE id = 7`));
    await pgWaiting(stage, 1, 3);
    return innocent;
  },
};

export const briefIdleMysql = (engine: MysqlFamily): Scenario => ({
  engine,
  title,
  patience,
  make: async (stage) => {
    const table = stage.table();
    const holder = await oneMy(stage, stage.application());
    const waiter = await oneMy(stage, stage.application());
    await makeTable(holder, table);
    await holder.query("START TRANSACTION");
    await holder.query(`UPDATE ${table} SET state = 'paid' WHERE id = 7`);
    stage.leave(waiter.query(`UPDATE ${table} SET state = 'sent' WHERE id = 7`));
    await myWaiting(stage, 1, 3);
    return innocent;
  },
});
