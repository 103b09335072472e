import { createConnection, type RowDataPacket } from "mysql2/promise";
import { waitUntil } from "../../lab/engines/sql.ts";
import { defineScenario } from "../scenario.ts";
import { untilCaughtUp } from "../support/mysql-caught-up.ts";
import { numbersTo } from "../support/mysql-numbers.ts";
import { ordinaryWork } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "mysql",
  title:
    "The source is through with a change of character set; its replica now copies the same table, and everything else waits behind",
  tiers: ["immediate", "performance"],
  // The lab's eight MiB of redo log would be a fault of their own; RDS has room.
  server: { replicas: 1, settings: { "loose-innodb-redo-log-capacity": "1073741824" } },
  look: "replica",
  thresholds: { replicationLagSeconds: 3 },
  make: async (stage) => {
    const [migration] = await stage.mySessions(1, "flyway");
    const [node] = stage.server.replicas;
    const replica = await createConnection({ uri: node?.adminUrl ?? "" });
    stage.cleanUp(async () => replica.destroy());
    await migration?.query(
      "CREATE TABLE product_texts (locale char(5) NOT NULL, product_code varchar(20) NOT NULL, headline varchar(200) NOT NULL, body varchar(2000) NOT NULL, PRIMARY KEY (locale, product_code), KEY by_headline (headline)) CHARACTER SET utf8mb3",
    );
    for (const locale of ["de_DE", "fr_FR", "it_IT", "es_ES", "pl_PL"]) {
      await migration?.query(
        `INSERT INTO product_texts SELECT '${locale}', CONCAT('P-', n), CONCAT(SHA2(n, 256), ' headline'), REPEAT('words ', 60) FROM ${numbersTo(stage.number(60_000, 70_000))}`,
      );
    }
    await ordinaryWork(stage, 2);
    await untilCaughtUp(stage, replica);
    const readers = await createConnection({ uri: node?.adminUrl ?? "" });
    stage.cleanUp(async () => readers.destroy());
    // Harmless: somebody reads another part of the catalogue on the replica.
    await readers.query("SELECT COUNT(*) FROM app.product_texts WHERE locale = 'de_DE'");
    await migration?.query("ALTER TABLE product_texts CONVERT TO CHARACTER SET utf8mb4");
    await waitUntil(
      async () => {
        const [[status]] = await replica.query<RowDataPacket[]>("SHOW REPLICA STATUS");
        const [applying] = await replica.query<RowDataPacket[]>(
          "SELECT 1 FROM performance_schema.processlist WHERE info LIKE 'ALTER TABLE product_texts%'",
        );
        return applying.length > 0 && Number(status?.["Seconds_Behind_Source"]) >= 4;
      },
      { what: "the replica to fall behind while it copies the table", timeoutMs: 60_000 },
    );
    return { culprits: [] };
  },
});
