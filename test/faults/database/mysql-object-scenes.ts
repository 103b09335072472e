import { waitUntil } from "../../lab/engines/sql.ts";
import type { MysqlStage } from "./mysql-session-scenes.ts";
import { changed, counted, type Scenes } from "./scene.ts";

const account = { schema: "app", name: "account" };
const wanted = {
  ...{ schema: "app", table: "account", name: "account_wanted", unique: false, definition: "(owner)" },
};
const spare = { schema: "app", table: "account", name: "account_spare" };
const was = { unique: false, definition: "(`owner`, `id`)" };
const trial = { statement: "SELECT id, note FROM app.account WHERE owner = 7", gainPercent: 10 };
const job = { schema: "app", name: "tick", definer: "shop@%", runs: false };

const has = (index: string): string =>
  `SELECT COUNT(DISTINCT INDEX_NAME) FROM information_schema.STATISTICS WHERE TABLE_SCHEMA = 'app' AND INDEX_NAME = '${index}'`;
/** Whether it pays is a matter of milliseconds, and it may be gone again. */
const builds =
  "SELECT COALESCE(SUM(COUNT_STAR), 0) FROM performance_schema.events_statements_summary_by_digest WHERE DIGEST_TEXT LIKE '%ADD INDEX `account_wanted`%'";
const hidden = {
  mysql: `${has("account_spare")} AND IS_VISIBLE = 'NO'`,
  mariadb: `${has("account_spare")} AND IGNORED = 'YES'`,
} as const;

export function mysqlObjectScenes({ server, ask }: MysqlStage): Scenes {
  const off = server.engine === "mariadb" ? "IGNORED" : "INVISIBLE";
  const without = async (index: string): Promise<void> => {
    if ((await ask(has(index))) !== "0") await ask(`ALTER TABLE app.account DROP INDEX ${index}`);
  };
  const spared = async (how = ""): Promise<void> => {
    await without("account_spare");
    await ask(`ALTER TABLE app.account ADD INDEX account_spare (owner, id) ${how}`);
  };
  const age = lastUpdate("TIMESTAMPDIFF(SECOND, MAX(last_update), NOW())");
  const aSecondAgo = async (): Promise<void> => {
    await waitUntil(async () => Number(await ask(age)) > 1, {
      ...{ what: "the last one was a second ago", everyMs: 100 },
    });
  };
  return {
    "analyze-table": {
      acting: /^ANALYZE/,
      ...changed(ask, lastUpdate("CAST(MAX(last_update) AS CHAR)"), async () => {
        await aSecondAgo();
        return account;
      }),
      settle: aSecondAgo,
    },
    "create-index": {
      acting: /^ALTER TABLE/,
      ...counted(ask, has("account_wanted"), 1, async () => {
        await without("account_wanted");
        return wanted;
      }),
    },
    "drop-index": {
      acting: /^ALTER TABLE/,
      ...counted(ask, has("account_spare"), -1, async () => {
        await spared(off);
        return { ...spare, keeps: null, scans: null, was };
      }),
    },
    "hide-index": {
      acting: /^ALTER TABLE/,
      ...counted(ask, hidden[server.engine], 1, async () => {
        await spared();
        return { ...spare, visible: false, was };
      }),
    },
    "try-index": {
      ...{ acting: /^ALTER TABLE `app`\.`account` ADD/, noTrace: true },
      ...counted(ask, builds, 1, async () => {
        await without("account_spare");
        await without("account_wanted");
        return { ...wanted, ...trial };
      }),
    },
    "pause-job": {
      acting: /^ALTER DEFINER/,
      ...counted(
        ask,
        "SELECT COUNT(*) FROM information_schema.EVENTS WHERE STATUS = 'DISABLED'",
        1,
        async () => {
          await ask("ALTER DEFINER = shop@'%' EVENT app.tick ENABLE");
          return job;
        },
      ),
    },
  };
}

function lastUpdate(what: string): string {
  return `SELECT ${what} FROM mysql.innodb_table_stats WHERE database_name = 'app' AND table_name = 'account'`;
}
