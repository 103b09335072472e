import { idOf, makeTable, myWaiting, oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";

export const scenario = defineScenario({
  engine: "mariadb",
  title:
    "A CREATE INDEX waits behind a long report; all readers queue behind it, and the report is not to blame",
  thresholds: { slowQuerySeconds: 0.3 },
  make: async (stage) => {
    const table = stage.table();
    const report = await oneMy(stage, "reports");
    const ddl = await oneMy(stage, "migrations");
    const others = await stage.mySessions(stage.number(4, 14), stage.application());
    await makeTable(ddl, table);
    stage.leave(report.query(`SELECT *, SLEEP(0.5) FROM ${table}`));
    const watcher = await oneMy(stage, "watcher");
    await watcher.query("SELECT SLEEP(0.5)");
    stage.leave(ddl.query(`ALTER TABLE ${table} ADD COLUMN note varchar(20), ADD INDEX (state)`));
    await myWaiting(stage, 1, 0);
    for (const other of others) stage.leave(other.query(`SELECT n FROM ${table} WHERE id = 5`));
    await myWaiting(stage, others.length + 1, 2);
    return { culprits: [idOf(ddl)] };
  },
});
