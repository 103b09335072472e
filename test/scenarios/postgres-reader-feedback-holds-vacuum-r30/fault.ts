import { openSession, waitUntil } from "../../lab/engines/sql.ts";
import { onePg } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "An analyst's open transaction on the read replica holds back vacuum on the primary through hot_standby_feedback, and a table of counters is nearly all dead rows",
  majors: [15, 16],
  tiers: ["immediate", "performance", "health"],
  server: {
    replicas: 1,
    settings: {
      hot_standby_feedback: "on",
      wal_receiver_status_interval: "1s",
      autovacuum_naptime: "2s",
      autovacuum_vacuum_cost_delay: "0",
    },
  },
  make: async (stage) => {
    await ordinaryWork(stage);
    const setup = await onePg(stage, "setup");
    await setup.query(`CREATE TABLE stock_levels (sku int PRIMARY KEY, shelf varchar(20) NOT NULL, on_hand int NOT NULL, note varchar(120) NOT NULL);
      INSERT INTO stock_levels SELECT n, 'A' || n % 50, 10, repeat('x', 80) FROM generate_series(1, 60000) n`);
    await setup.query("VACUUM ANALYZE stock_levels");
    const [standby] = stage.postgres().replicas;
    if (standby === undefined) throw new Error("no replica");
    const analyst = await openSession(
      { ...stage.postgres(), port: standby.port },
      { user: "shop", applicationName: "Tableau" },
    );
    stage.cleanUp(() => analyst.end());
    await waitUntil(
      async () => (await analyst.query("SELECT count(*) FROM stock_levels")).rows[0].count === "60000",
      { what: "the replica has the rows" },
    );
    await analyst.query("BEGIN ISOLATION LEVEL REPEATABLE READ");
    await analyst.query("SELECT sum(on_hand) FROM stock_levels");
    await waitUntil(
      async () =>
        (await setup.query("SELECT 1 FROM pg_stat_replication WHERE backend_xmin IS NOT NULL")).rowCount ===
        1,
      { what: "the replica's feedback arrives" },
    );
    // Many short transactions, as an application's: the horizon is far behind by its count, too.
    for (let round = 0; round < 8; round += 1) {
      await setup.query("UPDATE stock_levels SET on_hand = on_hand + 1");
      await setup.query(
        "DO $$ BEGIN FOR n IN 1..2500 LOOP UPDATE stock_levels SET on_hand = on_hand - 1 WHERE sku = n; COMMIT; END LOOP; END $$",
      );
    }
    const clients = await stage.pgSessions(2, "stock-page");
    await keepRunning(stage, clients, 30, async (client, turn) => {
      await client.query("SELECT shelf, sum(on_hand) FROM stock_levels GROUP BY shelf");
      await client.query("UPDATE stock_levels SET on_hand = on_hand - 1 WHERE sku = $1", [
        1 + (turn % 60000),
      ]);
      await pause(40);
    });
    await waitUntil(
      async () => {
        const sql =
          "SELECT 1 FROM pg_stat_user_tables WHERE relname = 'stock_levels' AND n_dead_tup > 200000 AND autovacuum_count >= 2";
        return (await setup.query(sql)).rowCount === 1;
      },
      { what: "autovacuum has been there in vain", timeoutMs: 40_000, everyMs: 300 },
    );
    return { culprits: [] };
  },
});
