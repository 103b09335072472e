import { openSession, waitUntil } from "../../lab/engines/sql.ts";
import { defineScenario } from "../scenario.ts";

export const scenario = defineScenario({
  engine: "mysql",
  title:
    "An ALTER TABLE waits behind a reader that keeps its transaction open; all readers queue behind the ALTER",
  thresholds: { slowQuerySeconds: 0.3 },
  make: async (stage) => {
    const table = stage.table();
    const [reader, ddl] = await stage.mySessions(2, stage.application());
    if (reader === undefined || ddl === undefined) throw new Error("no session");
    await reader.query(`CREATE TABLE ${table} (id int PRIMARY KEY, n int)`);
    await reader.query("START TRANSACTION");
    await reader.query(`SELECT * FROM ${table}`);
    stage.leave(ddl.query(`ALTER TABLE ${table} ADD COLUMN note varchar(20)`));
    const monitor = await openSession(stage.mysql());
    stage.cleanUp(() => monitor.end());
    const waiting = async (): Promise<number> => {
      const sql =
        "SELECT id FROM information_schema.processlist WHERE state = 'Waiting for table metadata lock'";
      const [rows] = await monitor.query(sql);
      return Array.isArray(rows) ? rows.length : 0;
    };
    await waitUntil(async () => (await waiting()) === 1, { what: "the ALTER to wait" });
    const readers = await stage.mySessions(stage.number(5, 20), stage.application());
    for (const one of readers) stage.leave(one.query(`SELECT * FROM ${table}`));
    await waitUntil(async () => (await waiting()) === readers.length + 1, { what: "the readers to wait" });
    await monitor.query("SELECT SLEEP(1.5)");
    return { culprits: [ddl.threadId ?? 0] };
  },
});
