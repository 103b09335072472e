import { openSession, waitUntil } from "../../lab/engines/sql.ts";
import { idOf, makeTable, oneMy } from "../lock-waits.ts";
import type { MysqlFamily, Scenario } from "../scenario.ts";

const stateOfFlush = /flush|lock/i;

export const flushBehindReport = (engine: MysqlFamily): Scenario => ({
  engine,
  title: "A backup's FLUSH TABLES waits for a report, and everybody who wants the table behind it",
  endsAdministrators: "only who may RELOAD can do this, and the shop lets its backup scripts be ended",
  make: async (stage) => {
    const table = stage.table();
    const report = await oneMy(stage, "reports");
    const readers = await stage.mySessions(stage.number(12, 16), stage.application());
    await makeTable(report, table);
    stage.leave(report.query(`SELECT COUNT(*), SLEEP(60) FROM ${table}`));
    const admin = await openSession(stage.mysql());
    stage.cleanUp(() => admin.end());
    await admin.query("SELECT SLEEP(0.5)");
    const flusher = await openSession(stage.mysql());
    stage.cleanUp(() => flusher.end());
    stage.leave(flusher.query(`FLUSH TABLES ${table}`));
    await admin.query("SELECT SLEEP(1)");
    for (const reader of readers) stage.leave(reader.query(`SELECT n FROM ${table} WHERE id = 3`));
    await waitUntil(
      async () => {
        const [rows] = await admin.query("SELECT STATE FROM information_schema.PROCESSLIST");
        const states = Array.isArray(rows) ? rows.map((row) => JSON.stringify(row)) : [];
        return states.filter((state) => stateOfFlush.test(state)).length > readers.length;
      },
      { what: "everybody to wait", everyMs: 150 },
    );
    await admin.query("SELECT SLEEP(2)");
    return { culprits: engine === "mysql" ? [idOf(report)] : [idOf(report), idOf(flusher)] };
  },
});
