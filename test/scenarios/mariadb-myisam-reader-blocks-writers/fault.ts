import type { RowDataPacket } from "mysql2/promise";
import { openSession, waitUntil } from "../../lab/engines/sql.ts";
import { idOf, oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { numbersTo } from "../support/mysql-numbers.ts";

export const scenario = defineScenario({
  engine: "mariadb",
  title:
    "A long report reads a MyISAM table: updates wait for its table level lock, and new readers queue behind the updates",
  tiers: ["immediate", "performance"],
  thresholds: { longRunningSeconds: 1, killCandidateSeconds: 2 },
  make: async (stage) => {
    const table = stage.table();
    const application = stage.application();
    const report = await oneMy(stage, "month-end");
    const writers = await stage.mySessions(stage.number(3, 5), application);
    const readers = await stage.mySessions(stage.number(5, 8), application);
    await report.query(
      `CREATE TABLE ${table} (id int PRIMARY KEY, n int NOT NULL, note varchar(80)) ENGINE = MyISAM`,
    );
    await report.query(`INSERT INTO ${table} SELECT n, n % 977, MD5(n) FROM ${numbersTo(12_000)}`);
    stage.leave(
      report.query(`SELECT COUNT(*) FROM ${table} a JOIN ${table} b ON a.note LIKE CONCAT('%', b.note, b.n)`),
    );
    const monitor = await openSession(stage.mysql());
    stage.cleanUp(() => monitor.end());
    const inState = (state: string, count: number) =>
      waitUntil(
        async () => {
          const [rows] = await monitor.query<RowDataPacket[]>(
            "SELECT COUNT(*) AS n FROM information_schema.processlist WHERE state LIKE ?",
            [state],
          );
          return Number(rows[0]?.["n"]) >= count;
        },
        { what: `${count} sessions in state ${state}`, everyMs: 100 },
      );
    await inState("Sending data", 1);
    for (const [index, writer] of writers.entries()) {
      stage.leave(writer.query(`UPDATE ${table} SET n = n + 1 WHERE id = ${index + 1}`));
    }
    await inState("Waiting for table level lock", writers.length);
    for (const [index, reader] of readers.entries()) {
      stage.leave(reader.query(`SELECT note FROM ${table} WHERE id = ${index + 50}`));
    }
    await inState("Waiting for table level lock", writers.length + readers.length);
    await monitor.query("SELECT SLEEP(3)");
    return { culprits: [idOf(report)] };
  },
});
