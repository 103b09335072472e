import { createConnection, type RowDataPacket } from "mysql2/promise";
import { waitUntil } from "../../lab/engines/sql.ts";
import { oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { numbersTo } from "../support/mysql-numbers.ts";

export const scenario = defineScenario({
  engine: "mysql",
  title:
    "One DELETE of a quarter of a million rows is one transaction; the replica applies it and nothing else",
  tiers: ["immediate", "performance"],
  server: {
    replicas: 1,
    settings: { innodb_redo_log_capacity: "536870912", innodb_buffer_pool_size: "402653184" },
  },
  look: "replica",
  thresholds: { replicationLagSeconds: 3 },
  make: async (stage) => {
    const table = stage.table();
    const writer = await oneMy(stage, stage.application());
    const replica = await createConnection({ uri: stage.server.replicas[0]?.adminUrl ?? "" });
    stage.cleanUp(() => replica.end());
    const columns = ["a", "b", "c", "d", "e", "f"];
    const keys = columns.map((column) => `KEY (${column})`).join(", ");
    await writer.query(
      `CREATE TABLE ${table} (id int PRIMARY KEY, ${columns.map((column) => `${column} char(36)`).join(", ")}, ${keys})`,
    );
    for (const round of [0, 1, 2]) {
      const values = columns
        .map((column) => `LEFT(SHA2(CONCAT(n, '${column}', ${round}), 256), 36)`)
        .join(", ");
      await writer.query(
        `INSERT INTO ${table} SELECT n + ${round * 100_000}, ${values} FROM ${numbersTo(85_000)}`,
      );
    }
    const state = async (): Promise<{ behind: number; doing: string }> => {
      const [[status]] = await replica.query<RowDataPacket[]>("SHOW REPLICA STATUS");
      const [rows] = await replica.query<RowDataPacket[]>(
        "SELECT COALESCE(MAX(state), '') AS state FROM information_schema.processlist WHERE state LIKE 'Applying%'",
      );
      return {
        behind: Number(status?.["Seconds_Behind_Source"] ?? 0),
        doing: String(rows[0]?.["state"] ?? ""),
      };
    };
    const there = async () => {
      const [rows] = await replica.query<RowDataPacket[]>(
        `SELECT COUNT(*) AS n FROM information_schema.tables WHERE table_name = '${table}'`,
      );
      return Number(rows[0]?.["n"]) === 1 && (await state()).behind === 0 && (await state()).doing === "";
    };
    await waitUntil(there, { what: "the replica to have the rows", timeoutMs: 120_000 });
    await writer.query(`DELETE FROM ${table} WHERE id > 2000`);
    await writer.query(`UPDATE ${table} SET a = 'after' WHERE id < 50`);
    await waitUntil(
      async () => {
        const { behind, doing } = await state();
        return behind >= 4 && doing.includes("delete");
      },
      { what: "the replica to be behind", timeoutMs: 60_000 },
    );
    return { culprits: [] };
  },
});
