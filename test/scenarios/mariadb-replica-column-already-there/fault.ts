import { createConnection } from "mysql2/promise";
import { waitUntil } from "../../lab/engines/sql.ts";
import { defineScenario } from "../scenario.ts";
import { numbersTo } from "../support/mysql-numbers.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "mariadb",
  title:
    "Somebody added the column on the replica first; the migration came through the log and found it there",
  server: { replicas: 1 },
  tiers: ["immediate", "performance"],
  look: "replica",
  make: async (stage) => {
    const [app] = await stage.mySessions(1, "flyway");
    await app?.query(
      "CREATE TABLE club_cards (card_no char(16) PRIMARY KEY, holder varchar(80) NOT NULL, issued_on date NOT NULL)",
    );
    await app?.query(
      `INSERT INTO club_cards SELECT LPAD(n, 16, '0'), CONCAT('holder ', n), '2026-05-01' FROM ${numbersTo(3000)}`,
    );
    await ordinaryWork(stage, 2);
    const node = stage.mysql().replicas[0];
    if (node === undefined) throw new Error("there is no replica");
    const replica = await createConnection({ uri: node.adminUrl });
    stage.cleanUp(() => replica.end());
    const seen = async () => {
      const [rows] = await replica.query("SELECT COUNT(*) AS n FROM app.club_cards");
      return JSON.stringify(rows).includes("3000");
    };
    await waitUntil(() => seen().catch(() => false), { what: "the table on the replica", timeoutMs: 20_000 });
    await replica.query("SET SESSION sql_log_bin = 0");
    await replica.query("ALTER TABLE app.club_cards ADD COLUMN loyalty_tier tinyint NOT NULL DEFAULT 0");
    await app?.query("ALTER TABLE club_cards ADD COLUMN loyalty_tier tinyint NOT NULL DEFAULT 0");
    await pause(3000);
    return { culprits: [] };
  },
});
