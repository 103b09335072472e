import { labPasswords } from "../../lab/engines/lab-server.ts";
import { openSession, waitUntil } from "../../lab/engines/sql.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "Somebody edits a row of a replicated table and leaves it uncommitted: the subscription's apply worker waits for it, and the feed stands still",
  tiers: ["immediate", "performance", "health"],
  thresholds: { longRunningSeconds: 6, idleInTransactionSeconds: 6, killCandidateSeconds: 10 },
  server: { settings: { wal_level: "logical" } },
  make: async (stage) => {
    const server = stage.postgres();
    const items = stage.number(4000, 6000);
    const table = `CREATE TABLE stock_levels (sku int PRIMARY KEY, warehouse varchar(8) NOT NULL, on_hand int NOT NULL);
      INSERT INTO stock_levels SELECT n, 'W' || n % 6, n % 80 FROM generate_series(1, ${items}) n`;
    const admin = await openSession(server, { user: "rdsadmin", applicationName: "setup" });
    await admin.query("CREATE DATABASE erp");
    const erp = await openSession(server, { user: "rdsadmin", database: "erp", applicationName: "erp" });
    await erp.query(table);
    await erp.query("CREATE PUBLICATION stock FOR TABLE stock_levels");
    await erp.query("SELECT pg_create_logical_replication_slot('stock_feed', 'pgoutput')");
    const [owner] = await stage.pgSessions(1, "setup");
    if (owner === undefined) throw new Error("no session");
    await owner.query(table);
    await owner.query("ANALYZE stock_levels");
    await admin.query(`CREATE SUBSCRIPTION stock_feed CONNECTION 'host=127.0.0.1 port=${server.port} dbname=erp user=rdsadmin password=${labPasswords.rdsadmin}'
      PUBLICATION stock WITH (create_slot = false, slot_name = 'stock_feed', copy_data = false)`);
    await ordinaryWork(stage, 3);
    // A herring: another editor has a transaction open in which it only read.
    const [reader, editor] = await stage.pgSessions(2, "DBeaver 24.2.1 - SQLEditor <Script-7.sql>");
    if (editor === undefined) throw new Error("no session");
    await reader?.query("SET application_name = 'Metabase v0.52'");
    await reader?.query("BEGIN");
    await reader?.query("SELECT count(*) FROM stock_levels");
    const { rows } = await editor.query("SELECT pg_backend_pid() AS pid");
    await editor.query("BEGIN");
    await editor.query("UPDATE stock_levels SET on_hand = 12 WHERE sku = 77");
    const shops = await stage.pgSessions(4, "shop-api");
    await keepRunning(stage, shops, 20, async (shop, turn) => {
      await shop.query("SELECT on_hand FROM stock_levels WHERE sku = $1", [1 + (turn % items)]);
      await pause(40);
    });
    await keepRunning(stage, [erp], 10, async (source, turn) => {
      const sku = turn === 0 ? 77 : 1 + (turn % items);
      await source.query("UPDATE stock_levels SET on_hand = on_hand + 1 WHERE sku = $1", [sku]);
      await pause(20);
    });
    stage.cleanUp(async () => {
      await admin.query("ALTER SUBSCRIPTION stock_feed DISABLE");
      await admin.end();
      await erp.end();
    });
    await waitUntil(
      async () => {
        const { rows: waits } = await admin.query(
          "SELECT 1 FROM pg_stat_activity WHERE backend_type LIKE 'logical replication%worker' AND wait_event_type = 'Lock'",
        );
        return waits.length > 0;
      },
      { what: "the apply worker waits for the editor's row", timeoutMs: 20_000 },
    );
    await pause(12_000);
    return { culprits: [rows[0].pid] };
  },
});
