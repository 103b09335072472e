import { createConnection, type RowDataPacket } from "mysql2/promise";
import { waitUntil } from "../../lab/engines/sql.ts";
import { oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { numbersTo } from "../support/mysql-numbers.ts";
import { ordinaryWork } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "mariadb",
  title:
    "A backfill rewrites a whole table in single statements of half a minute, and the replica carries out each of them after it",
  server: { replicas: 1 },
  look: "replica",
  tiers: ["immediate", "performance", "health"],
  thresholds: { replicationLagSeconds: 4 },
  make: async (stage) => {
    const setup = await oneMy(stage, "migrations");
    await setup.query(
      "CREATE TABLE articles_v2 (id int PRIMARY KEY, words varchar(200) NOT NULL, digest char(64) NOT NULL, second_digest char(64) NOT NULL, round int NOT NULL)",
    );
    await setup.query(
      `INSERT INTO articles_v2 SELECT n, CONCAT('words of article ', n), '', '', 0 FROM ${numbersTo(40_000)}`,
    );
    await ordinaryWork(stage);
    const worker = await oneMy(stage, "backfill");
    await keepRunning(stage, [worker], 1, async (session, turn) => {
      const column = ["digest", "second_digest"][turn % 2];
      await session.query(
        `UPDATE articles_v2 SET ${column} = SHA2(REPEAT(CONCAT(words, ${turn}), 32000), 256), round = ${turn}`,
      );
    });
    const [node] = stage.server.replicas;
    if (node === undefined) throw new Error("no replica");
    const replica = await createConnection({ uri: node.adminUrl });
    stage.cleanUp(async () => replica.destroy());
    await waitUntil(
      async () => {
        const [[status]] = await replica.query<RowDataPacket[]>("SHOW REPLICA STATUS");
        return Number(status?.["Seconds_Behind_Master"] ?? status?.["Seconds_Behind_Source"] ?? 0) >= 9;
      },
      { what: "the replica is behind", timeoutMs: 90_000, everyMs: 300 },
    );
    return { culprits: [] };
  },
});
