import type { RowDataPacket } from "mysql2";
import { createConnection } from "mysql2/promise";
import { labUrl } from "../../lab/engines/lab-server.ts";
import { waitUntil } from "../../lab/engines/sql.ts";
import { oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { untilCaughtUp } from "../support/mysql-caught-up.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "mysql",
  title:
    "Somebody wrote into the replica while it was open for writing; the source's row with the same key stops replication with 1062",
  tiers: ["immediate", "performance", "health"],
  server: { replicas: 1 },
  look: "replica",
  make: async (stage) => {
    const [node] = stage.server.replicas;
    if (node === undefined) throw new Error("no replica");
    const app = await oneMy(stage, "storefront");
    await app.query(
      "CREATE TABLE coupons (id int PRIMARY KEY, code varchar(20) NOT NULL, used int NOT NULL)",
    );
    const rows = Array.from({ length: 200 }, (_, index) => `(${index + 1}, 'C${index}', 0)`);
    await app.query(`INSERT INTO coupons VALUES ${rows.join(", ")}`);
    const replica = await createConnection({ uri: node.adminUrl });
    stage.cleanUp(async () => replica.destroy());
    await untilCaughtUp(stage, replica);
    await replica.query("SET GLOBAL read_only = OFF");
    await replica.query("INSERT INTO app.coupons VALUES (201, 'BYHAND', 0)");
    await replica.query("SET GLOBAL read_only = ON");
    // Reports read on the replica all the while.
    const reader = await createConnection({
      uri: labUrl("mysql", node.port, "shop"),
      connectAttributes: { program_name: "reports" },
    });
    reader.on("error", () => undefined);
    stage.cleanUp(async () => reader.destroy());
    await keepRunning(stage, [reader], 5, async (one, turn) => {
      await one.query(`SELECT code, used FROM coupons WHERE id = ${1 + (turn % 200)}`);
      await pause(60);
    });
    await app.query("INSERT INTO coupons VALUES (201, 'SPRING', 0)");
    await waitUntil(
      async () => {
        const [[status]] = await replica.query<RowDataPacket[]>("SHOW REPLICA STATUS");
        return status?.["Replica_SQL_Running"] === "No";
      },
      { what: "replication stops", timeoutMs: 30_000 },
    );
    await ordinaryWork(stage);
    return { culprits: [] };
  },
});
