import { createConnection, type RowDataPacket } from "mysql2/promise";
import { waitUntil } from "../../lab/engines/sql.ts";
import { oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { ordinaryWork } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "mariadb",
  title:
    "The replica was paused over a weekend and its source has purged the binary logs it would go on from: it stops with 1236",
  server: { replicas: 1 },
  tiers: ["immediate", "performance"],
  look: "replica",
  make: async (stage) => {
    const [node] = stage.server.replicas;
    if (node === undefined) throw new Error("no replica");
    const source = await createConnection({ uri: stage.server.adminUrl });
    const replica = await createConnection({ uri: node.adminUrl });
    stage.cleanUp(async () => {
      source.destroy();
      replica.destroy();
    });
    const shop = await oneMy(stage, "order-service");
    await shop.query("CREATE TABLE order_heads (order_no int PRIMARY KEY, state varchar(12) NOT NULL)");
    await shop.query("INSERT INTO order_heads VALUES (1, 'new')");
    await waitUntil(async () => (await replica.query("SELECT order_no FROM app.order_heads")).length > 0, {
      what: "the replica has what was written",
    });
    await replica.query("STOP SLAVE");
    for (let round = 0; round < 3; round += 1) {
      const from = 2 + round * 50;
      const rows = Array.from({ length: 50 }, (_, index) => `(${from + index}, 'new')`);
      await shop.query(`INSERT INTO order_heads VALUES ${rows.join(", ")}`);
      await source.query("FLUSH BINARY LOGS");
    }
    const [logs] = await source.query<RowDataPacket[]>("SHOW BINARY LOGS");
    const newest = String(logs.at(-1)?.["Log_name"]);
    await waitUntil(
      async () => {
        await source.query(`PURGE BINARY LOGS TO '${newest}'`);
        const [left] = await source.query<RowDataPacket[]>("SHOW BINARY LOGS");
        return left.length === 1;
      },
      { what: "the old binary logs are purged", everyMs: 200 },
    );
    await ordinaryWork(stage, 2);
    await replica.query("START SLAVE");
    await waitUntil(
      async () => {
        const [status] = await replica.query<RowDataPacket[]>("SHOW SLAVE STATUS");
        return Number(status[0]?.["Last_IO_Errno"]) === 1236;
      },
      { what: "the replica is refused", everyMs: 200 },
    );
    return { culprits: [] };
  },
});
