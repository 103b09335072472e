import type { RowDataPacket } from "mysql2/promise";
import { openSession, waitUntil } from "../../lab/engines/sql.ts";
import { oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { numbersTo } from "../support/mysql-numbers.ts";
import { ordinaryWork } from "../support/ordinary-work.ts";
import { slowClient } from "../support/slow-client.ts";

export const scenario = defineScenario({
  engine: "mariadb",
  title:
    "A connector streams a large table row by row into a slow pipe; behind its view no old version of any row is removed",
  tiers: ["immediate", "performance"],
  server: { settings: { "innodb-log-file-size": "268435456" } },
  thresholds: { longRunningSeconds: 20, killCandidateSeconds: 40 },
  make: async (stage) => {
    const connector = await slowClient(stage, "bi-connector");
    await connector.query(
      "CREATE TABLE ledger_lines (book char(3) NOT NULL, entry_no int unsigned NOT NULL, line_no tinyint unsigned NOT NULL, amount decimal(14,4) NOT NULL, memo varchar(420) NOT NULL, PRIMARY KEY (book, entry_no, line_no))",
    );
    await connector.query(
      `INSERT INTO ledger_lines SELECT ELT(1 + n % 3, 'eur', 'usd', 'gbp'), n, n % 4, n / 7, REPEAT('m', 400) FROM ${numbersTo(stage.number(38_000, 44_000))}`,
    );
    const spenders = await stage.mySessions(3, "ad-spend");
    const [setup] = spenders;
    await setup?.query(
      "CREATE TABLE ad_budgets (campaign_uuid binary(16) NOT NULL, spend_day date NOT NULL, spent bigint NOT NULL, PRIMARY KEY (campaign_uuid, spend_day))",
    );
    await setup?.query(
      `INSERT INTO ad_budgets SELECT UNHEX(LEFT(SHA2(n, 256), 32)), '2026-11-29', 0 FROM ${numbersTo(3000)}`,
    );
    // A gateway hands over what was spent in small batches; each lane has campaigns of its own, so that nobody waits.
    await setup?.query(`CREATE PROCEDURE spend_on(IN lane int)
      BEGIN
        DECLARE n int DEFAULT 0;
        WHILE n < 500 DO
          SET n = n + 1;
          UPDATE ad_budgets SET spent = spent + 1 WHERE campaign_uuid = UNHEX(LEFT(SHA2(1 + lane * 1000 + n, 256), 32)) AND spend_day = '2026-11-29';
        END WHILE;
      END`);
    await ordinaryWork(stage, 2);
    // Harmless: another that idles in a transaction, begun later and without a view.
    const editor = await oneMy(stage, "campaign-editor");
    await editor.query("CREATE TABLE drafts (draft_no int PRIMARY KEY, body varchar(60))");

    await connector.query("START TRANSACTION READ ONLY");
    connector.readSlowly("SELECT * FROM ledger_lines", 50);
    const monitor = await openSession(stage.mysql());
    stage.cleanUp(() => monitor.end());
    await editor.query("START TRANSACTION");
    await editor.query("INSERT INTO drafts VALUES (1, 'spring')");
    await keepRunning(stage, spenders, 20, (session, turn) => session.query(`CALL spend_on(${turn % 3})`));
    const history = async (): Promise<number> => {
      const [rows] = await monitor.query<RowDataPacket[]>(
        "SELECT COUNT AS n FROM information_schema.innodb_metrics WHERE name = 'trx_rseg_history_len'",
      );
      return Number(rows[0]?.["n"]);
    };
    await waitUntil(async () => (await history()) > 250_000, {
      what: "the history to grow",
      timeoutMs: 120_000,
      everyMs: 1000,
    });
    await monitor.query(
      "SELECT SLEEP(GREATEST(0, 45 - (SELECT MAX(time) FROM information_schema.processlist WHERE info LIKE 'SELECT * FROM ledger_lines')))",
    );
    return { culprits: [connector.id] };
  },
});
