import { oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { numbersTo } from "../support/mysql-numbers.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "mariadb",
  title:
    "All nodes of a job scheduler take their next trigger under one row's lock: more nodes only make the queue longer",
  tiers: ["immediate", "performance"],
  make: async (stage) => {
    const nodes = await stage.mySessions(stage.number(14, 18), "scheduler-node");
    const [setup] = nodes;
    await setup?.query(
      "CREATE TABLE QRTZ_LOCKS (SCHED_NAME varchar(120) NOT NULL, LOCK_NAME varchar(40) NOT NULL, PRIMARY KEY (SCHED_NAME, LOCK_NAME))",
    );
    await setup?.query(
      "INSERT INTO QRTZ_LOCKS VALUES ('mailings', 'TRIGGER_ACCESS'), ('mailings', 'STATE_ACCESS')",
    );
    await setup?.query(
      "CREATE TABLE QRTZ_TRIGGERS (SCHED_NAME varchar(120) NOT NULL, TRIGGER_NAME varchar(190) NOT NULL, TRIGGER_GROUP varchar(190) NOT NULL, NEXT_FIRE_TIME bigint NULL, TRIGGER_STATE varchar(16) NOT NULL, PRIMARY KEY (SCHED_NAME, TRIGGER_NAME, TRIGGER_GROUP), KEY idx_nft_st (SCHED_NAME, TRIGGER_STATE, NEXT_FIRE_TIME))",
    );
    await setup?.query(
      `INSERT INTO QRTZ_TRIGGERS SELECT 'mailings', CONCAT('mail-', n), 'tenant', n, 'WAITING' FROM ${numbersTo(3000)}`,
    );
    await ordinaryWork(stage, 3);
    // Harmless: an editor with an open transaction on a table of his own.
    const editor = await oneMy(stage, "mail-editor");
    await editor.query("CREATE TABLE mail_texts (text_no int PRIMARY KEY, body varchar(60))");
    await editor.query("START TRANSACTION");
    await editor.query("INSERT INTO mail_texts VALUES (1, 'hello')");
    await keepRunning(stage, nodes, 150, async (node, turn) => {
      await node.query("START TRANSACTION");
      await node.query(
        "SELECT * FROM QRTZ_LOCKS WHERE SCHED_NAME = 'mailings' AND LOCK_NAME = 'TRIGGER_ACCESS' FOR UPDATE",
      );
      await node.query(
        "SELECT TRIGGER_NAME, TRIGGER_GROUP, NEXT_FIRE_TIME FROM QRTZ_TRIGGERS WHERE SCHED_NAME = 'mailings' AND TRIGGER_STATE = 'WAITING' ORDER BY NEXT_FIRE_TIME LIMIT 1",
      );
      await node.query(
        "UPDATE QRTZ_TRIGGERS SET NEXT_FIRE_TIME = NEXT_FIRE_TIME + 5000 WHERE SCHED_NAME = 'mailings' AND TRIGGER_NAME = ? AND TRIGGER_GROUP = 'tenant'",
        [`mail-${1 + (turn % 3000)}`],
      );
      // What a node computes while it holds the lock.
      await pause(70 + (turn % 5) * 10);
      await node.query("COMMIT");
      await pause(40);
    });
    await pause(4000);
    return { culprits: [] };
  },
});
