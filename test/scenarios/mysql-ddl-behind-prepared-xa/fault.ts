import { idOf, makeTable, myWaiting, oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";

export const scenario = defineScenario({
  engine: "mysql",
  title:
    "An ALTER waits behind a prepared XA transaction that nobody ends, and everybody waits behind the ALTER",
  make: async (stage) => {
    const table = stage.table();
    const manager = await oneMy(stage, stage.application());
    const migration = await oneMy(stage, "migrations");
    const readers = await stage.mySessions(stage.number(4, 10), stage.application());
    await makeTable(manager, table);
    const xid = `${stage.application()}-${stage.number(1000, 9999)}`;
    await manager.query(`XA START '${xid}'`);
    await manager.query(`UPDATE ${table} SET state = 'paid' WHERE id = 4`);
    await manager.query(`XA END '${xid}'`);
    await manager.query(`XA PREPARE '${xid}'`);
    await manager.end();
    stage.leave(migration.query(`ALTER TABLE ${table} ADD COLUMN remark varchar(80)`));
    await myWaiting(stage, 1, 0);
    for (const reader of readers) stage.leave(reader.query(`SELECT n FROM ${table} WHERE id = 7`));
    await myWaiting(stage, readers.length + 1, 3);
    return { culprits: [idOf(migration)] };
  },
});
