import { defineScenario } from "../scenario.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "mariadb",
  title:
    "An online schema change begins with its triggers: they wait for a reconciliation that read the table and calls its bank, and all behind them",
  server: { settings: { "log-bin-trust-function-creators": "1" } },
  thresholds: { idleInTransactionSeconds: 5 },
  make: async (stage) => {
    const [tool] = await stage.mySessions(1, "pt-online-schema-change");
    const [bank] = await stage.mySessions(1, "bank-reconciliation");
    const web = await stage.mySessions(stage.number(6, 9), "member-web");
    const [mail] = await stage.mySessions(1, "dunning-mail");
    await tool?.query(
      "CREATE TABLE subscriptions (account_no varchar(14) NOT NULL, product_code varchar(12) NOT NULL, seats smallint unsigned NOT NULL, renews_on date NOT NULL, memo varchar(90) NOT NULL, PRIMARY KEY (account_no, product_code), KEY by_renewal (renews_on))",
    );
    const rows = Array.from(
      { length: 900 },
      (_, index) => `('A-${10_000 + index}', 'PRO', ${1 + (index % 9)}, '2026-12-0${1 + (index % 9)}', 'm')`,
    );
    await tool?.query(`INSERT INTO subscriptions VALUES ${rows.join(", ")}`);
    await tool?.query("CREATE TABLE _subscriptions_new LIKE subscriptions");
    await tool?.query("ALTER TABLE _subscriptions_new ADD COLUMN cancelled_at datetime NULL");
    await ordinaryWork(stage, 3);
    await bank?.query("START TRANSACTION");
    await bank?.query("SELECT account_no, seats FROM subscriptions WHERE renews_on = '2026-12-03'");
    await pause(6_000);
    stage.leave(
      tool?.query(
        "CREATE TRIGGER `pt_osc_app_subscriptions_del` AFTER DELETE ON `app`.`subscriptions` FOR EACH ROW DELETE IGNORE FROM `app`.`_subscriptions_new` WHERE `app`.`_subscriptions_new`.`account_no` <=> OLD.`account_no` AND `app`.`_subscriptions_new`.`product_code` <=> OLD.`product_code`",
      ) ?? Promise.resolve(),
    );
    await pause(500);
    web.forEach((client, index) => {
      stage.leave(
        index % 3 === 0
          ? client.query(
              `UPDATE subscriptions SET seats = seats + 1 WHERE account_no = 'A-${10_100 + index}'`,
            )
          : client.query(`SELECT * FROM subscriptions WHERE account_no = 'A-${10_200 + index}'`),
      );
    });
    stage.leave(
      mail?.query("SELECT account_no FROM subscriptions WHERE renews_on < '2026-12-02'") ?? Promise.resolve(),
    );
    await pause(stage.number(5_000, 8_000));
    return { culprits: [tool, bank].flatMap((session) => (session ? [session.threadId] : [])) };
  },
});
