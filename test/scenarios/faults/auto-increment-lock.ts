import { waitUntil } from "../../lab/engines/sql.ts";
import { defineScenario, type MysqlFamily } from "../scenario.ts";

/**
 * innodb_autoinc_lock_mode 1 (MariaDB's default): an INSERT … SELECT keeps the table's AUTO-INC lock until it ends, and
 * every other INSERT into the table waits. With mode 2 nobody does.
 */
const withMode = (engine: MysqlFamily, mode: 1 | 2) =>
  defineScenario({
    engine,
    title:
      mode === 1
        ? "Inserts wait for the AUTO-INC lock of a table that a long INSERT … SELECT fills"
        : "The same inserts beside the same INSERT … SELECT, with interleaved numbers: nobody waits",
    tiers: ["immediate", "performance"],
    server: { settings: { "innodb-autoinc-lock-mode": String(mode) } },
    make: async (stage) => {
      const table = stage.table();
      const [loader, ...others] = await stage.mySessions(stage.number(6, 9), stage.application());
      await loader?.query(`CREATE TABLE ${table} (id int AUTO_INCREMENT PRIMARY KEY, note varchar(40))`);
      const slow =
        "SELECT SLEEP(0.5) FROM (SELECT 1 AS n UNION ALL SELECT 2 UNION ALL SELECT 3) a, (SELECT 1 AS n UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4 UNION ALL SELECT 5 UNION ALL SELECT 6) b, (SELECT 1 AS n UNION ALL SELECT 2 UNION ALL SELECT 3) c";
      if (loader !== undefined) stage.leave(loader.query(`INSERT INTO ${table} (note) ${slow}`));
      const running = async (like: string): Promise<number> => {
        const [rows] = await (others[0]?.query(
          `SELECT id FROM information_schema.processlist WHERE info LIKE '${like}' AND command = 'Query'`,
        ) ?? [[]]);
        return Array.isArray(rows) ? rows.length : 0;
      };
      await waitUntil(async () => (await running("INSERT INTO % SELECT SLEEP%' AND time >= '2")) > 0, {
        what: "the load to have written its first rows",
      });
      for (const [at, other] of others.slice(1).entries()) {
        stage.leave(other.query(`INSERT INTO ${table} (note) VALUES ('order ${at}')`));
      }
      if (mode === 1) {
        await waitUntil(async () => (await running("INSERT INTO % VALUES%")) >= others.length - 1, {
          what: "the inserts to wait",
        });
      }
      return { culprits: [loader?.threadId ?? 0] };
    },
  });

export const autoIncrementLock = (engine: MysqlFamily) => withMode(engine, 1);
export const autoIncrementInterleaved = (engine: MysqlFamily) => withMode(engine, 2);
