import { createConnection, type RowDataPacket } from "mysql2/promise";
import { waitUntil } from "../../lab/engines/sql.ts";
import { oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { untilCaughtUp } from "../support/mysql-caught-up.ts";
import { numbersTo } from "../support/mysql-numbers.ts";
import { ordinaryWork } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "mysql",
  title:
    "Somebody cleaned up on the replica: a row that the source then updates is missing there and its applier has stopped",
  server: { replicas: 1 },
  look: "replica",
  make: async (stage) => {
    const setup = await oneMy(stage, "migrations");
    await setup.query("CREATE TABLE subscriptions (id int PRIMARY KEY, plan varchar(20) NOT NULL)");
    await setup.query(`INSERT INTO subscriptions SELECT n, 'basic' FROM ${numbersTo(500)}`);
    const [node] = stage.server.replicas;
    if (node === undefined) throw new Error("no replica");
    const replica = await createConnection({ uri: node.adminUrl });
    stage.cleanUp(async () => replica.destroy());
    await untilCaughtUp(stage, replica);
    await replica.query("SET sql_log_bin = 0");
    await replica.query("DELETE FROM app.subscriptions WHERE id > 450");
    await ordinaryWork(stage);
    await setup.query(`UPDATE subscriptions SET plan = 'pro' WHERE id = ${stage.number(460, 490)}`);
    await waitUntil(
      async () => {
        const [[status]] = await replica.query<RowDataPacket[]>("SHOW REPLICA STATUS");
        return status?.["Replica_SQL_Running"] === "No";
      },
      { what: "the applier has stopped" },
    );
    await setup.query("SELECT SLEEP(5)");
    return { culprits: [] };
  },
});
