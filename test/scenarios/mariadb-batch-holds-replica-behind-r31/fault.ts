import { createConnection, type RowDataPacket } from "mysql2/promise";
import { closeAll, waitUntil } from "../../lab/engines/sql.ts";
import { oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { numbersTo } from "../support/mysql-numbers.ts";
import { ordinaryWork } from "../support/ordinary-work.ts";

// After https://www.jusdb.com/blog/mysql-replication-lag-causes-fixes (one large transaction, applied again in one thread)
export const scenario = defineScenario({
  engine: "mariadb",
  title:
    "A nightly job recomputed all sales ranks in one statement; the replica applies it again, and all else waits behind it",
  tiers: ["immediate", "performance", "health"],
  server: { replicas: 1 },
  look: "replica",
  thresholds: { replicationLagSeconds: 10, longRunningSeconds: 20 },
  make: async (stage) => {
    const setup = await oneMy(stage, stage.application());
    await setup.query(
      "CREATE TABLE products (id int PRIMARY KEY, category int NOT NULL, sold int NOT NULL, sales_rank int NULL, KEY by_category (category, sold))",
    );
    await setup.query(
      `INSERT INTO products SELECT n, n % 8, (n * 7919) % 100003, NULL FROM ${numbersTo(24_000)}`,
    );
    const [node] = stage.server.replicas;
    if (node === undefined) throw new Error("no replica");
    const replica = await createConnection({ uri: node.adminUrl });
    stage.cleanUp(() => closeAll([replica]));
    await ordinaryWork(stage);
    const job = await oneMy(stage, "nightly-ranks");
    await job.query(
      `UPDATE products p SET p.sales_rank = 1 + (SELECT COUNT(*) FROM products q WHERE q.category = p.category AND q.sold + 0 > p.sold)`,
    );
    await waitUntil(
      async () => {
        const [status] = await replica.query<RowDataPacket[]>("SHOW SLAVE STATUS");
        return Number(status[0]?.["Seconds_Behind_Master"]) > 11;
      },
      { what: "the replica is behind", timeoutMs: 60_000, everyMs: 200 },
    );
    return { culprits: [] };
  },
});
