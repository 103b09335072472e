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
    "A backfill updated a whole table in one transaction; the replica works through it and falls behind meanwhile",
  tiers: ["immediate", "performance"],
  look: "replica",
  server: { replicas: 1, settings: { "innodb-redo-log-capacity": "536870912" } },
  thresholds: { replicationLagSeconds: 5 },
  make: async (stage) => {
    const [node] = stage.server.replicas;
    if (node === undefined) throw new Error("no replica");
    const table = stage.table();
    const batch = await oneMy(stage, "backfill");
    await batch.query(
      `CREATE TABLE ${table} (id int PRIMARY KEY, code char(56) NOT NULL, ref char(56) NOT NULL, score int NOT NULL,
        KEY by_code (code), KEY by_ref (ref), KEY by_score (score))`,
    );
    for (let part = 0; part < 4; part += 1)
      await batch.query(
        `INSERT INTO ${table} SELECT n + ${part * 90_000}, SHA2(n * 7 + ${part}, 224), SHA2(n * 11 + ${part}, 224), n
         FROM ${numbersTo(90_000)}`,
      );
    const replica = await createConnection({ uri: node.adminUrl });
    stage.cleanUp(() => replica.end());
    await waitUntil(() => untilCaughtUp(stage, replica).then(() => true), {
      what: "the replica has the table",
      timeoutMs: 120_000,
    });
    await ordinaryWork(stage);
    await batch.query(
      `UPDATE ${table} SET code = SHA2(CONCAT(id, "x"), 224), ref = SHA2(CONCAT(id, "y"), 224), score = id * 31 % 100003`,
    );
    await waitUntil(
      async () => {
        const [rows] = await replica.query<RowDataPacket[]>("SHOW REPLICA STATUS");
        return Number(rows[0]?.["Seconds_Behind_Source"]) >= 8;
      },
      { what: "the replica is behind", timeoutMs: 60_000, everyMs: 100 },
    );
    return { culprits: [] };
  },
});
